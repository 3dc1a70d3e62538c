#!/bin/sh
# Runs tests/tables/formats/test_database.py against a PostgreSQL and a MariaDB of its own, on loopback, in a temporary
# folder that is gone afterwards. Needs Debian's packages postgresql and mariadb-server, and the drivers psycopg and
# pymysql, which the project does not install:
#   python -m pip install --no-deps --target /tmp/drivers psycopg psycopg-binary pymysql
#   DRIVERS=/tmp/drivers benchmarks/tables/servers.sh
set -eu
cd "$(dirname "$0")/../.."
bin=$(ls -d /usr/lib/postgresql/*/bin | tail -1)
work=$(mktemp -d)
chmod 755 "$work"
mkdir "$work/pg" "$work/my"
as() { user=$1; shift; if [ "$(id -u)" = 0 ]; then runuser -u "$user" -- "$@"; else "$@"; fi; }
if [ "$(id -u)" = 0 ]; then chown postgres "$work/pg"; chown mysql "$work/my"; fi
stop() {
    as postgres "$bin/pg_ctl" -D "$work/pg/data" -m immediate stop >/dev/null 2>&1 || true
    mariadb-admin --no-defaults --socket="$work/my/s.sock" -u root shutdown >/dev/null 2>&1 || true
    sleep 1
    rm -rf "$work"
}
trap stop EXIT

printf 'pw-reach' >"$work/password"
chmod 644 "$work/password"
as postgres "$bin/initdb" -D "$work/pg/data" -U reach --auth=scram-sha-256 --pwfile="$work/password" >/dev/null
as postgres "$bin/pg_ctl" -D "$work/pg/data" -w -l "$work/pg/log" \
    -o "-p 55432 -c listen_addresses=127.0.0.1 -c unix_socket_directories=$work/pg" start >/dev/null
PGPASSWORD=pw-reach psql -q -h 127.0.0.1 -p 55432 -U reach postgres <<'SQL'
create table o (order_id int, user_id text, at timestamp, amount numeric);
insert into o values (1, 'u1', '2026-07-01 09:05:00', 12), (2, 'u2', '2026-07-02 10:00:00', 3.1);
create function boom() returns int language plpgsql as 'begin delete from o; return 1; end';
SQL

as mysql mariadb-install-db --no-defaults --datadir="$work/my/data" --auth-root-authentication-method=normal >/dev/null 2>&1
as mysql mariadbd --no-defaults --datadir="$work/my/data" --bind-address=127.0.0.1 --port=53306 \
    --socket="$work/my/s.sock" >"$work/my.log" 2>&1 &
for _ in $(seq 60); do mariadb-admin --no-defaults --socket="$work/my/s.sock" -u root ping >/dev/null 2>&1 && break; sleep 1; done
mariadb --no-defaults --socket="$work/my/s.sock" -u root <<'SQL'
create database shop;
create user reach@localhost identified by 'pw-reach';
grant all on shop.* to reach@localhost;
use shop;
create table o (order_id int, user_id varchar(9), at datetime, amount decimal(9, 2));
insert into o values (1, 'u1', '2026-07-01 09:05:00', 12), (2, 'u2', '2026-07-02 10:00:00', 3.1);
delimiter //
create function boom() returns int
begin
    delete from o;
    return 1;
end //
SQL

REACHBOOK_TEST_SERVERS="postgresql+psycopg://reach:pw-reach@127.0.0.1:55432/postgres mysql+pymysql://reach:pw-reach@127.0.0.1:53306/shop" \
    PYTHONPATH="${DRIVERS:-}" .venv/bin/python -m pytest -q tests/tables/formats/test_database.py "$@"
