#!/bin/bash
# What the ingest must hold, measured by v2x bench in interleaved rounds. Needs build/ and the database servers.
# bench_ingest.sh [PART…]: sqlite, fleet, postgresql, clickhouse; all by default. ROUNDS=n for more rounds.
# OVERLOAD_S, PAIRS: seconds of overload and pairs with wrong log-ins, when less than what is required must do.
set -u
cd "$(dirname "$0")/.."
rounds=${ROUNDS:-5}
status=0
once() {
  echo "== v2x bench ingest $*"
  build/bin/v2x bench ingest "$@" || status=$?
}
bench() { once "$@" --pairs "$rounds"; }

# 10,000 connections of a fleet need as many descriptors on each side.
fleet() {
  once --shape restart --gateways 10000 --rate 1000 --duration 20 --no-onlooker \
    --require 'restart.arrival_s<=60' --require 'arrival_s<=60' --require 'rss_per_connection_bytes<=100000'
  for gateways in 500 5000; do
    once --gateways "$gateways" --of-saturation 0.5 --duration 60 --no-onlooker --require 'ack_p99_9_to_flush<=4'
  done
  once --gateways 500 --of-saturation 0.5 --duration 60 --require 'home_ms.p99<=100'
  once --gateways 5000 --of-saturation 10 --duration "${OVERLOAD_S:-300}" --no-onlooker \
    --require 'goodput_to_saturation>=0.8' --require 'service_rss_growth<=1.1' --require 'service_rss_max_bytes<=1e9'
  # The pool computes one or more passwords and lets 64 wait: a few more clients keep it full.
  once --gateways 500 --rate 1000 --duration 20 --no-onlooker --wrong-logins 70 --pairs "${PAIRS:-10}" \
    --require 'ack_p99_ratio_median<=3'
}

backfill=(--shape backfill --gateways 200 --saturate --no-onlooker)
for store in "${@:-sqlite fleet postgresql clickhouse}"; do
  case $store in
    *sqlite*)
      bench "${backfill[@]}" --against victoriametrics,influxdb,sqlite-raw --require 'ratios.victoriametrics>=2' \
        --require 'ratios.influxdb>=4' --require 'ratios.sqlite-raw>=0.65'
      for gateways in 500 5000; do
        bench --gateways "$gateways" --saturate --no-onlooker --against curve-echo --require 'ratios.curve-echo>=0.4'
      done ;;&
    *fleet*)
      fleet ;;&
    *postgresql*)
      bench "${backfill[@]}" --store postgresql --against postgres-copy --require 'ratios.postgres-copy>=0.6' ;;&
    *clickhouse*)
      bench "${backfill[@]}" --store clickhouse --against clickhouse-raw --require 'ratios.clickhouse-raw>=0.5' ;;
  esac
done
exit $status
