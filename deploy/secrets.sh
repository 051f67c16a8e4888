#!/bin/sh
# Print fresh secrets for docker-compose.yml:  deploy/secrets.sh > .env
# Keep the file: with another DUBAN_CONTACT_KEY nobody can read the contacts' addresses any more.
set -eu
bytes() { head -c "$1" /dev/urandom; }
word() { bytes 24 | base64 | tr '+/' '-_'; }
key() { bytes 32 | base64; }
cat <<END
# Postgres: the superuser, the owner who migrates, and one role per service
POSTGRES_PASSWORD=$(word)
DUBAN_PASSWORD=$(word)
DUBAN_REGISTRY_PASSWORD=$(word)
DUBAN_INDICATORS_PASSWORD=$(word)
DUBAN_NOTIFIER_PASSWORD=$(word)
# What tokens are signed with, API keys hashed with, contact addresses encrypted with
DUBAN_SIGNING_KEY=$(key)
DUBAN_KEY_SECRET=$(word)
DUBAN_CONTACT_KEY=$(key)
# API keys of the three administrations, to be handed to three people, and of the workers, who are callers like others
DUBAN_ADMINISTRATOR_KEY=$(word)
DUBAN_SECURITY_KEY=$(word)
DUBAN_AUDITOR_KEY=$(word)
DUBAN_REGISTRY_WORKER_KEY=$(word)
DUBAN_INDICATORS_WORKER_KEY=$(word)
DUBAN_NOTIFIER_WORKER_KEY=$(word)
# The government whose plans run here (GB/T 2260), and the mail server that takes the notices
DUBAN_REGION=330109
DUBAN_SMTP_HOST=mail.example
DUBAN_SMTP_PORT=25
DUBAN_SENDER=duban@duban.example
END
