# What the scripts beside this file share: a cluster's folder and what is noted in it, ports, processes, and the ops pages. Sourced.
# It takes bash and what every Debian has (coreutils, findutils, sed, gawk or mawk, procps, util-linux); pages are read over bash's own
# sockets, so neither curl nor a JSON tool is needed.

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(dirname "$here")
command_name=cluster/$(basename "$0")

# Which cluster: a file with the path of its folder. Another one beside it needs another file, and other ports.
state=${DECONFLICTION_CLUSTER:-$here/.cluster}
unset DECONFLICTION_CLUSTER # the programs would take it for an option of theirs
most=32      # ports of three kinds lie side by side: 7411-7442, 7443-7474, 7480-7511
configuration=Release
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1

fail() { printf '%s: %s\n' "$command_name" "$*" >&2; exit 1; }
wrong_use() { printf '%s: %s Try %s --help.\n' "$command_name" "$*" "$command_name" >&2; exit 2; }
say() { printf '%s\n' "$*"; }

need() { # programs
  local program
  for program in "$@"; do
    command -v "$program" >/dev/null || fail "the program '$program' is missing: install it (Debian: apt-get install ${program_package[$program]:-$program}), then run this again."
  done
}
declare -A program_package=([flock]=util-linux [setsid]=util-linux [setpriv]=util-linux [dotnet]=dotnet-sdk-10.0)

help_or_go_on() { # the file's head is its help
  local word
  for word in "$@"; do
    case $word in -h | --help) sed -n '2,/^[^#]/{/^#/s/^# \{0,1\}//p}' "$0"; exit 0 ;; esac
  done
}

number() { # what it is for, text
  [[ $2 =~ ^[0-9]{1,3}$ ]] && [ "$((10#$2))" -ge 1 ] && [ "$((10#$2))" -le "$most" ] ||
    wrong_use "'$2' is not the number of $1: give one from 1 to $most."
}

one_at_a_time() { # two scripts on one cluster would start a silo twice
  { mkdir -p "$(dirname "$state")" && (: >>"$state.lock"); } 2>/dev/null ||
    fail "$state.lock cannot be written by this user ($(id -un)). Work as the user who brought the cluster up, or on one of your own: DECONFLICTION_CLUSTER=FILE in the environment, and other ports."
  exec 9>"$state.lock"
  flock -w 120 9 || fail "another script has worked on this cluster for two minutes. Wait for it, or end it; then run this again."
}

open_cluster() { # sets folder and the noted settings; false where there is no cluster
  [ -f "$state" ] || return 1
  folder=$(<"$state")
  [ -f "$folder/settings" ] || return 1
  # shellcheck disable=SC1091
  . "$folder/settings"
}

must_be_open() { open_cluster || fail "no cluster is up. Start one with cluster/up."; }

grpc_port() { echo $((7442 + offset + $1)); }
ops_port() { echo $((7479 + offset + $1)); }
silo_port() { echo $((7410 + offset + $1)); }

must_be_free() { # port, what for
  ! (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null ||
    fail "port $1 of 127.0.0.1, needed for $2, is taken. End what listens there, or start the cluster elsewhere: cluster/up --port-offset $(((offset + 200) % 57000))."
}

# ---- processes: a number that was noted is believed only with the time at which that process started

started_at() { # process id: its start in ticks since boot
  local stat
  stat=$(cat "/proc/$1/stat" 2>/dev/null) || return 1
  stat=${stat##*) }
  # shellcheck disable=SC2086
  set -- $stat
  [ "$1" != Z ] && echo "${20}"
}

silo_pid() { # number: the process id if it runs
  local pid ticks
  read -r pid ticks 2>/dev/null <"$folder/silos/$1/pid" || return 1
  [ "$(started_at "$pid")" = "$ticks" ] && echo "$pid"
}

silo_numbers() { # all that were ever started, in order
  local path
  for path in "$folder"/silos/*/; do [ ! -d "$path" ] || basename "$path"; done | sort -n
}

running_silos() {
  local one
  for one in $(silo_numbers); do ! silo_pid "$one" >/dev/null || echo "$one"; done
}

within() { # seconds, command...: until it succeeds
  local end=$((SECONDS + $1))
  shift
  until "$@"; do
    [ "$SECONDS" -lt "$end" ] || return 1
    sleep 0.1
  done
}

what_now() { # what to say where others still run
  [ -n "$(running_silos)" ] && say "$1" || say "It was the last one: agencies have nobody to connect to before cluster/add, and cluster/down ends the rest."
}

has_ended() { ! silo_pid "$1" >/dev/null; }

# ---- the ops pages

page() { # port, path: prints the body; false where the answer is not 200
  # The token goes by the environment: arguments can be read by anybody.
  # shellcheck disable=SC2016
  ops_token=$(cat "$folder/ops.token" 2>/dev/null) timeout 3 bash -c '
    exec 3<>"/dev/tcp/127.0.0.1/$1" || exit 1
    printf "GET %s HTTP/1.0\r\nHost: localhost\r\nAuthorization: Bearer %s\r\n\r\n" "$2" "$ops_token" >&3
    read -r _ status _ <&3 || exit 1
    while read -r line <&3 && [ "$line" != $'"'\\r'"' ]; do :; done
    cat <&3
    [ "$status" = 200 ]' page "$1" "$2" 2>/dev/null
}

is_ready() { page "$(ops_port "$1")" /health/ready >/dev/null; }

any_ready() { # the number of a silo that answers
  local one
  for one in $(running_silos); do is_ready "$one" && { echo "$one"; return 0; }; done
  return 1
}

members() { # of a /cluster page on standard input: name, status, address, since, activations; one silo a line
  tr -d '\n' | grep -o '{[^{}]*}' | while read -r object; do
    printf '%s\t%s\t%s\t%s\t%s\n' "$(field name)" "$(field status)" "$(field address)" "$(field since)" "$(field activations)"
  done
}

field() { sed -n "s/.*\"$1\"[: ]*\"\{0,1\}\([^\",}]*\).*/\1/p" <<<"$object"; }

active_members() { # as the silo of this number sees them
  page "$(ops_port "$1")" /cluster | members | awk -F'\t' 'tolower($2) == "active"' | wc -l
}

sees() { # silo, how many: whether it is ready and sees that many active ones
  is_ready "$1" && [ "$(active_members "$1")" = "$2" ]
}
