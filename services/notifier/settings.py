"""What the notifier service is told by its environment."""

from typing import Self

from pydantic import Field, model_validator

from services.kit.settings import ServiceSettings


class Settings(ServiceSettings):
    """Where mail leaves, in whose name, and the key of the contacts' addresses."""

    contact_key: str = Field(description="base64 of 32 bytes: AES-256-GCM key of the contacts' addresses")
    smtp_host: str = Field(default="127.0.0.1", description="where mail is handed over")
    smtp_port: int = Field(default=25, ge=1, le=65535, description="port of the mail server")
    smtp_user: str | None = Field(default=None, description="name at the mail server, where it asks for one")
    smtp_password: str | None = Field(default=None, description="password at the mail server")
    smtp_tls: bool = Field(default=False, description="TLS from the first byte (port 465)")
    smtp_seconds: float = Field(default=20, gt=0, le=300, description="longest time that one mail may take")
    sender: str = Field(default="duban@duban.example", description="address from which mail comes")
    sender_name: str = Field(default="督办系统", description="name from which mail comes")
    lease_seconds: float = Field(default=60, gt=0, description="longer than one mail may take: when a claim lapses")
    synthetic: bool | None = Field(
        default=None, description="whether every mail says that its data are synthetic; unless said, as `embedded`"
    )

    @model_validator(mode="after")
    def _claims_outlive_calls(self) -> Self:
        if self.lease_seconds <= self.smtp_seconds:
            raise ValueError(
                "lease_seconds must be longer than smtp_seconds: no call begins that its claim may not outlive"
            )
        return self

    @property
    def shows_synthetic(self) -> bool:
        """Whether mail is marked as synthetic."""
        return self.embedded if self.synthetic is None else self.synthetic
