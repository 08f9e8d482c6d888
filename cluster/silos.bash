# Starting and ending silos, and the database of a cluster's own. Sourced after lib.bash.

silo_dll=$root/src/Deconfliction.Silo/bin/$configuration/net10.0/deconfliction-silo.dll
cli_dll=$root/src/Deconfliction.Cli/bin/$configuration/net10.0/deconflict.dll

build() { # what is missing or older than its sources
  local project dll
  need dotnet
  for project in Deconfliction.Silo Deconfliction.Cli; do
    dll=$silo_dll
    [ $project = Deconfliction.Cli ] && dll=$cli_dll
    if [ ! -f "$dll" ] || [ -n "$(find "$root/src" "$root/cluster/sql" \( -name '*.cs' -o -name '*.csproj' -o -name '*.proto' -o -name '*.sql' \) -newer "$dll" -not -path '*/obj/*' -print -quit)" ]; then
      say "building $project ($configuration)"
      dotnet build "$root/src/$project" -c $configuration -v quiet --nologo >"$folder/build.log" 2>&1 ||
        { grep -m 3 error "$folder/build.log" >&2; fail "$project does not build; all that was said is in $folder/build.log. Where packages of Orleans are named, add a feed that has them."; }
      [ -f "$dll" ] || fail "the build left $project out: the feed at hand lacks packages that it needs. Add a feed that has Microsoft.Orleans.* 10.4.2, then run this again."
      touch "$dll"
    fi
  done
}

# The connection string goes by the environment: it holds a password, and arguments can be read by anybody.
silo_program() { DECONFLICTION_CONNECTION=$connection dotnet "$silo_dll" --keys "$folder/keys" --pki "$folder/pki" "$@"; }

make_identities() { # once a cluster: key ring, both authorities
  [ -f "$folder/pki/silo-ca.pem" ] && return
  say "making the key ring and both authorities"
  silo_program init --data "$folder/silos/1" --silo-name silo-1 >"$folder/init.log" 2>&1 ||
    { cat "$folder/init.log" >&2; fail "the keys and authorities could not be made in $folder."; }
}

ports_must_be_free() { # number
  must_be_free "$(grpc_port "$1")" "agencies at silo-$1"
  must_be_free "$(ops_port "$1")" "the health pages of silo-$1"
  must_be_free "$(silo_port "$1")" "the other silos at silo-$1"
}

start_silo() { # number; does not wait
  local one=$1 home=$folder/silos/$1 pid
  ports_must_be_free "$one"
  mkdir -p "$home"
  [ -f "$folder/pki/silos/silo-$one.pem" ] ||
    silo_program identity "silo-$one" --out "$folder/pki/silos/silo-$one.pem" --data "$home" >"$home/identity.log" 2>&1 ||
    { cat "$home/identity.log" >&2; fail "the identity of silo-$one could not be issued."; }
  # What opens /cluster and /metrics to the scripts beside this one.
  [ -f "$folder/ops.token" ] || (umask 077; head -c 32 /dev/urandom | od -An -tx1 | tr -d ' \n' >"$folder/ops.token")
  # A session of its own: it outlives this script and its terminal. What the last one of this number said is kept once.
  [ -f "$home/log" ] && mv "$home/log" "$home/log.before"
  (
    cd "$home" || exit 1
    exec 9>&-
    export DECONFLICTION_CONNECTION=$connection
    exec setsid dotnet "$silo_dll" --data "$home" --keys "$folder/keys" --pki "$folder/pki" \
      --listen "127.0.0.1:$(grpc_port "$one")" --ops "127.0.0.1:$(ops_port "$one")" --ops-token "$folder/ops.token" --silo "127.0.0.1:$(silo_port "$one")" \
      --silo-name "silo-$one" --silo-identity "$folder/pki/silos/silo-$one.pem" --silo-authority "$folder/pki/silo-ca.pem" \
      --cluster-id "$cluster_id" </dev/null >"$home/log" 2>&1
  ) &
  pid=$!
  echo "$pid $(started_at $pid)" >"$home/pid"
  disown $pid
}

wait_until_active() { # numbers...: each ready, and seeing all that run
  # Longer than a silo itself tries to join: its own last words say more than a wait that is over.
  local one said end=$((SECONDS + 150)) all
  all=$(running_silos | wc -l)
  for one in "$@"; do
    until sees "$one" "$all"; do
      silo_pid "$one" >/dev/null ||
        { tail -n 5 "$folder/silos/$one/log" >&2; fail "silo-$one has ended; its last words are above, all of them in $folder/silos/$one/log."; }
      [ "$SECONDS" -lt $end ] || {
        said=$(page "$(ops_port "$one")" /health/ready || true)
        fail "silo-$one is not active among $all after 150 s: ${said:-it does not answer yet}. See $folder/silos/$one/log."
      }
      sleep 0.2
    done
  done
}

# ---- the database

postgres_programs() { # the folder of the newest server programs
  local found
  found=$(ls -d /usr/lib/postgresql/*/bin /usr/pgsql-*/bin 2>/dev/null | sort -V | tail -n 1)
  [ -z "$found" ] && command -v initdb >/dev/null && found=$(dirname "$(command -v initdb)")
  [ -x "$found/initdb" ] || fail "PostgreSQL's server is missing: install it (Debian: apt-get install postgresql-15), or give one that runs: --connection STRING."
  echo "$found"
}

as_postgres() { # PostgreSQL refuses to run as root
  if [ "$(id -u)" = 0 ]; then
    need setpriv
    id postgres >/dev/null 2>&1 || fail "root cannot run PostgreSQL, and there is no user 'postgres'. Install the system's package, run this as another user, or give --connection."
    (cd / && setpriv --reuid=postgres --regid=postgres --clear-groups "$@")
  else "$@"; fi
}

start_postgres() { # a server in the folder, with a database 'deconfliction' and a password
  local programs data=$folder/postgres/data port=$((7400 + offset))
  programs=$(postgres_programs) || exit 1
  [ "$(id -u)" != 0 ] || chmod a+x "$folder" # to pass through; what lies in it has modes of its own
  if [ ! -f "$data/PG_VERSION" ]; then
    say "making a database in $folder/postgres"
    mkdir -p -m 700 "$folder/postgres"
    # 32 bytes of chance, in letters that need no quoting.
    head -c 32 /dev/urandom | base64 | tr -dc 'A-Za-z0-9' >"$folder/postgres/password"
    chmod 600 "$folder/postgres/password"
    if [ "$(id -u)" = 0 ]; then
      chown -R postgres: "$folder/postgres"
    fi
    as_postgres "$programs/initdb" --pgdata "$data" --auth=scram-sha-256 --pwfile="$folder/postgres/password" --username=grid \
      --encoding=UTF8 --locale=C >"$folder/initdb.log" 2>&1 ||
      { tail -n 3 "$folder/initdb.log" >&2; fail "initdb failed in $folder/postgres. If it says that permission is denied, give a --data that the user 'postgres' can reach."; }
  fi
  export PGPASSWORD
  PGPASSWORD=$(cat "$folder/postgres/password")
  connection="Host=127.0.0.1;Port=$port;Username=grid;Password=$PGPASSWORD;Database=deconfliction"
  if ! as_postgres "$programs/pg_ctl" status --pgdata "$data" >/dev/null 2>&1; then
    must_be_free $port "the cluster's database"
    started_database=yes
    as_postgres "$programs/pg_ctl" start --pgdata "$data" --log "$folder/postgres/log" --wait --timeout=60 \
      --options "-p $port -h 127.0.0.1 -k $folder/postgres -c max_connections=500" 9>&- >"$folder/pg_ctl.log" 2>&1 ||
      { tail -n 5 "$folder/postgres/log" "$folder/pg_ctl.log" >&2; fail "PostgreSQL does not start; see $folder/postgres/log."; }
  fi
  "$programs/psql" -h 127.0.0.1 -p $port -U grid -d postgres -Atc "SELECT 1 FROM pg_database WHERE datname = 'deconfliction'" | grep -q 1 ||
    "$programs/createdb" -h 127.0.0.1 -p $port -U grid deconfliction || fail "the database 'deconfliction' could not be made; see $folder/postgres/log."
}

stop_postgres() {
  local programs
  [ -d "$folder/postgres/data" ] || return 0
  programs=$(postgres_programs) || exit 1
  as_postgres "$programs/pg_ctl" status --pgdata "$folder/postgres/data" >/dev/null 2>&1 || return 0
  as_postgres "$programs/pg_ctl" stop --pgdata "$folder/postgres/data" --mode=fast --wait --timeout=60 >/dev/null ||
    fail "the cluster's PostgreSQL does not stop; see $folder/postgres/log."
}
