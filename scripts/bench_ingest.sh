#!/bin/bash
# What the ingest must hold, measured by v2x bench in interleaved rounds. Needs build/ and the database servers.
# bench_ingest.sh [STORE…]: sqlite, postgresql, clickhouse; all by default. ROUNDS=n for more rounds.
set -u
cd "$(dirname "$0")/.."
rounds=${ROUNDS:-5}
status=0
bench() {
  echo "== v2x bench ingest $*"
  build/bin/v2x bench ingest "$@" --pairs "$rounds" || status=$?
}

backfill=(--shape backfill --gateways 200 --saturate --no-onlooker)
for store in "${@:-sqlite postgresql clickhouse}"; do
  case $store in
    *sqlite*)
      bench "${backfill[@]}" --against victoriametrics,influxdb,sqlite-raw --require 'ratios.victoriametrics>=2' \
        --require 'ratios.influxdb>=4' --require 'ratios.sqlite-raw>=0.65'
      for gateways in 500 5000; do
        bench --gateways "$gateways" --saturate --no-onlooker --against curve-echo --require 'ratios.curve-echo>=0.4'
      done ;;&
    *postgresql*)
      bench "${backfill[@]}" --store postgresql --against postgres-copy --require 'ratios.postgres-copy>=0.6' ;;&
    *clickhouse*)
      bench "${backfill[@]}" --store clickhouse --against clickhouse-raw --require 'ratios.clickhouse-raw>=0.5' ;;
  esac
done
exit $status
