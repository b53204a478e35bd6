"""Disk: everything that a finished case leaves behind, here and in PostgreSQL 15 with the same bytes.

The tables are those of the mapping to PostgreSQL; where a column could live in two places it is put where PostgreSQL
needs less (the leaf hash is a column of the event, not a row of its own)."""
import glob
import os
import pwd
import shutil
import subprocess
import tempfile

from .machine import folder_bytes, say
from .servers import Failed, remove_store, store_bench
from .table import Line, skipped

GOAL = "disk of a finished case, engine / PostgreSQL 15"
BOUND = 0.4
SCHEMA = """
CREATE TABLE head (stream_id smallint PRIMARY KEY, pos bigint NOT NULL, epoch bigint NOT NULL);
CREATE TABLE event (pos bigint NOT NULL, case_id uuid NOT NULL, ver int NOT NULL, type text NOT NULL,
  def_ver smallint NOT NULL, at timestamptz NOT NULL, header bytea NOT NULL, payload bytea NOT NULL, leaf bytea NOT NULL,
  stream_id smallint NOT NULL DEFAULT 1, PRIMARY KEY (stream_id, pos), UNIQUE (case_id, ver));
CREATE TABLE idem (key bytea NOT NULL, body_mac bytea NOT NULL, command_id uuid NOT NULL, case_id uuid NOT NULL,
  ver int NOT NULL, outcome smallint NOT NULL, at timestamptz NOT NULL, PRIMARY KEY (key));
CREATE TABLE data_key (case_id uuid NOT NULL, subject text NOT NULL, key_id bytea NOT NULL, wrapped bytea NOT NULL,
  PRIMARY KEY (case_id, subject, key_id));
CREATE TABLE case_code (code bytea PRIMARY KEY, case_id uuid NOT NULL);
CREATE TABLE search (token bytea NOT NULL, agency text NOT NULL, case_id uuid NOT NULL, PRIMARY KEY (token, agency, case_id));
CREATE TABLE timer (id bigint PRIMARY KEY, due_at timestamptz NOT NULL, case_id uuid NOT NULL, ver int NOT NULL,
  kind text NOT NULL, state smallint NOT NULL);
CREATE INDEX timer_open ON timer (due_at) WHERE state = 0;
"""
TABLES = ("event", "idem", "data_key", "case_code", "search")
COLUMNS = {"event": "(pos, case_id, ver, type, def_ver, at, header, payload, leaf)"}
SIZE = "SELECT sum(pg_total_relation_size(c.oid)) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace " \
       "WHERE n.nspname = 'public' AND c.relkind = 'r'"


def programs():
    """The folder of initdb and postgres of version 15; None if they are not there."""
    folders = glob.glob("/usr/lib/postgresql/15/bin")
    return folders[0] if folders and os.path.exists(os.path.join(folders[0], "initdb")) else None


class Postgres:
    """A server of its own in a temporary folder, over a Unix socket, as an unprivileged user."""

    def __init__(self, programs_folder):
        self.programs = programs_folder
        self.folder = tempfile.mkdtemp(prefix="bench-postgres-")
        self.user = "nobody" if os.geteuid() == 0 else pwd.getpwuid(os.geteuid()).pw_name
        if os.geteuid() == 0:
            shutil.chown(self.folder, self.user)

    def run(self, program, *arguments, **more):
        done = subprocess.run((os.path.join(self.programs, program), *arguments), text=True, capture_output=True,
                              cwd=self.folder, user=self.user if os.geteuid() == 0 else None, **more)
        if done.returncode != 0:
            raise Failed(f"{program}: {done.stderr}")
        return done.stdout

    def __enter__(self):
        data = os.path.join(self.folder, "data")
        self.run("initdb", "-D", data, "--auth=trust", "--encoding=UTF8", "--locale=C", "--username=bench")
        self.run("pg_ctl", "-D", data, "-l", os.path.join(self.folder, "log"), "-w", "-o",
                 f"-k {self.folder} -c listen_addresses=''", "start")
        return self

    def __exit__(self, *_):
        self.run("pg_ctl", "-D", os.path.join(self.folder, "data"), "-m", "immediate", "stop")
        shutil.rmtree(self.folder, ignore_errors=True)

    def sql(self, statement, **more):
        return self.run("psql", "-h", self.folder, "-U", "bench", "-d", "postgres", "-v", "ON_ERROR_STOP=1", "-qAt", "-c",
                        statement, **more).strip()

    def copy(self, table, path):
        with open(path, encoding="utf-8") as file:
            self.sql(f"COPY {table} {COLUMNS.get(table, '')} FROM STDIN", stdin=file)


def postgres_bytes(folder, texts):
    """(as inserted, after VACUUM FULL)"""
    with Postgres(folder) as server:
        server.sql(SCHEMA)
        for table in TABLES:
            server.copy(table, os.path.join(texts, table + ".tsv"))
        inserted = int(server.sql(SIZE))
        server.sql("VACUUM FULL")
        return inserted, int(server.sql(SIZE))


def engine_bytes(options, data, cases):
    remove_store(data)
    store_bench(options, "fill", "--data", data, "--finished", str(cases), "--compact")
    return folder_bytes(data, ".sst") + folder_bytes(data, ".log")


def measure(options):
    folder = programs()
    if folder is None:
        return [skipped(GOAL, BOUND, "PostgreSQL 15 is not installed (package postgresql)")], {}
    data, texts = os.path.join(options.out, "data-disk"), os.path.join(options.out, "copy")
    say(f"disk of {options.disk_cases} finished cases")
    empty = engine_bytes(options, data, 0)
    ours = engine_bytes(options, data, options.disk_cases) - empty
    store_bench(options, "dump", "--data", data, "--out", texts)
    inserted, packed = postgres_bytes(folder, texts)
    remove_store(data)
    shutil.rmtree(texts)
    each = {"engine": ours / options.disk_cases, "postgres_as_inserted": inserted / options.disk_cases,
            "postgres_after_vacuum_full": packed / options.disk_cases}
    remark = f"{each['engine']:.0f} / {each['postgres_after_vacuum_full']:.0f} bytes after VACUUM FULL, " \
             f"{each['postgres_as_inserted']:.0f} as inserted"
    return [Line(GOAL, BOUND, measured=ours / packed, remark=remark)], each
