"""Enterprises: credit codes, groups, marks they are found by, merges; searches that know pairs of characters."""

from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

GROUP = """
CREATE TABLE registry.enterprise_group (
    region varchar NOT NULL,
    id uuid NOT NULL,
    code varchar NOT NULL,
    version integer NOT NULL,
    recorded_at timestamptz NOT NULL,
    ended_at timestamptz,
    content jsonb NOT NULL,
    search varchar NOT NULL,
    letters text[] NOT NULL,
    name varchar NOT NULL,
    enterprise varchar,
    names text[] NOT NULL,
    CONSTRAINT enterprise_group_pk PRIMARY KEY (region, id),
    CONSTRAINT enterprise_group_region_code_uq UNIQUE (region, code),
    CONSTRAINT enterprise_group_region_enterprise_fk FOREIGN KEY(region, enterprise)
        REFERENCES registry.enterprise (region, code)
)
"""

COLUMNS = """
ALTER TABLE registry.enterprise
    ADD COLUMN credit_code varchar,
    ADD COLUMN group_name varchar,
    ADD COLUMN merged_into varchar,
    ADD COLUMN marks text[] NOT NULL DEFAULT '{}',
    ADD CONSTRAINT enterprise_region_merged_into_fk FOREIGN KEY(region, merged_into)
        REFERENCES registry.enterprise (region, code)
"""

# Names as they are compared: half-width, small, without marks, brackets, legal form and province.
FILLED = """
UPDATE registry.enterprise SET
    group_name = lower(normalize(content ->> 'group', NFKC)),
    marks = ARRAY(
        SELECT DISTINCT mark FROM (
            SELECT lower(normalize(called, NFKC)) AS folded
            FROM (SELECT content ->> 'name' UNION SELECT jsonb_array_elements_text(content -> 'aliases')) AS names (called)
        ) AS one,
        LATERAL (SELECT regexp_replace(folded, '[[:space:]·•・,，、."''“”‘’_—-]+', '', 'g') AS whole) AS two,
        LATERAL (SELECT regexp_replace(
            regexp_replace(whole, '\\([^()]*\\)', '', 'g'),
            '((集团|控股|股份|有限责任|有限|总|分)*公司|集团|股份)$', '') AS bare) AS three,
        LATERAL (SELECT regexp_replace(
            bare,
            '^(中国|北京|天津|河北|山西|内蒙古|辽宁|吉林|黑龙江|上海|江苏|浙江|安徽|福建|江西|山东|河南|湖北|湖南|广东|广西|海南|重庆|四川'
            || '|贵州|云南|西藏|陕西|甘肃|青海|宁夏|新疆|香港|澳门|台湾)(壮族自治区|回族自治区|维吾尔自治区|特别行政区|自治区|省|市)?',
            '') AS placeless) AS four,
        LATERAL (VALUES
            ('is:' || folded),
            ('like:' || CASE WHEN length(placeless) > 1 THEN placeless WHEN length(bare) > 1 THEN bare ELSE whole END)
        ) AS marks (mark)
        ORDER BY mark)
"""

INDEXES = (
    """
CREATE UNIQUE INDEX enterprise_region_credit_code_ix ON registry.enterprise (region, credit_code)
WHERE ended_at IS NULL AND credit_code IS NOT NULL""",
    """
CREATE INDEX enterprise_without_credit_code_ix ON registry.enterprise (region, code)
WHERE ended_at IS NULL AND credit_code IS NULL""",
    "CREATE INDEX enterprise_current_ix ON registry.enterprise (region, code) WHERE ended_at IS NULL",
    "CREATE INDEX enterprise_region_group_name_ix ON registry.enterprise (region, group_name)",
    "CREATE INDEX enterprise_region_merged_into_ix ON registry.enterprise (region, merged_into)",
    "CREATE INDEX enterprise_marks_ix ON registry.enterprise USING gin (marks)",
    "CREATE INDEX enterprise_group_names_ix ON registry.enterprise_group USING gin (names)",
    "CREATE INDEX enterprise_group_search_ix ON registry.enterprise_group USING gin (search gin_trgm_ops)",
    "CREATE INDEX enterprise_group_letters_ix ON registry.enterprise_group USING gin (letters)",
)

SEARCHED = ("unit", "plan", "task", "industry", "carrier", "enterprise", "project")


def upgrade() -> None:
    op.execute(COLUMNS)
    op.execute(GROUP)
    op.execute(FILLED)
    op.execute("ALTER TABLE registry.enterprise ALTER COLUMN marks DROP DEFAULT")
    for table in SEARCHED:
        op.execute(_letters(table, "(1), (2)"))
    for statement in INDEXES:
        op.execute(statement)


def downgrade() -> None:
    op.execute("DROP TABLE registry.enterprise_group")
    op.execute("DROP INDEX registry.enterprise_current_ix")
    op.execute("""
ALTER TABLE registry.enterprise
    DROP COLUMN credit_code, DROP COLUMN group_name, DROP COLUMN merged_into, DROP COLUMN marks""")
    for table in SEARCHED:
        op.execute(_letters(table, "(1)"))


def _letters(table: str, lengths: str) -> str:
    """What a short search is found by: the characters of the names, and with length 2 their pairs."""
    return f"""
UPDATE registry.{table} SET letters = ARRAY(
    SELECT DISTINCT substr(search, place, wide)
    FROM generate_series(1, length(search)) AS place, (VALUES {lengths}) AS gram (wide)
    WHERE place + wide <= length(search) + 1 AND position(E'\\n' IN substr(search, place, wide)) = 0
    ORDER BY 1)"""
