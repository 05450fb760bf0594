#!/bin/bash
# Plants each defect of tests/defects.txt in turn and demands that its scenario fails and says why; a gateway's defect must
# fail exactly its case of `v2x conform gateway`, and no other one. bench/SHAPE is a bench whose audit must go red. Needs
# build-defects/.
set -eu
cd "$(dirname "$0")/.."
v2x=build-defects/bin/v2x
results=$(mktemp -d)
trap 'rm -rf "$results"' EXIT

# Whether a run that ended with code 1 said what it must say.
is_seen() {
  local scenario=$1 words=$2 said=$3 failed
  [[ $scenario = conform/* ]] || { grep -qF -- "$words" <<<"$said"; return; }
  failed=$(grep -E '^(failed|error) ' <<<"$said")
  [ "$(wc -l <<<"$failed")" = 1 ] && grep -qE "^failed +$scenario " <<<"$failed" && grep -qF -- "$words" <<<"$failed"
}

# A bench kills the service at random, so it may take some kills until one hits the defect.
bench_until_seen() {
  local shape=$1 defect=$2 attempt said code
  for attempt in 1 2 3 4 5 6; do
    code=0
    said=$(V2X_DEFECT=$defect "$v2x" bench ingest --shape "$shape" --saturate --batch 512 --gateways 50 --duration 4 \
      --no-onlooker --results "$results/$defect" 2>&1) || code=$?
    [ "$code" = 0 ] || break
  done
  echo "$said"
  return "$code"
}

plant() {
  local defect=$1 scenario=$2 words=$3 code=0 said
  case $scenario in
    conform/*) said=$(V2X_DEFECT=$defect "$v2x" conform gateway --run-own --results "$results/$defect" 2>&1) || code=$? ;;
    bench/*) said=$(bench_until_seen "${scenario#bench/}" "$defect") || code=$? ;;
    *) said=$(V2X_DEFECT=$defect "$v2x" run "$scenario" --results "$results/$defect" 2>&1) || code=$? ;;
  esac
  if [ "$code" = 1 ] && is_seen "$scenario" "$words" "$said"; then
    echo "seen    $defect: $(grep -m1 -E '^failed |NOT CLEAN' <<<"$said")"
  else
    echo "UNSEEN  $defect: $scenario ended with exit code $code, expected 1 and '$words':"
    echo "$said"
    touch "$results/unseen"
  fi
}

while read -r defect scenario words; do
  case $defect in '' | '#'*) continue ;; esac
  # A conformance run waits most of its time, so they go side by side.
  if [[ $scenario = conform/* ]]; then plant "$defect" "$scenario" "$words" & else plant "$defect" "$scenario" "$words"; fi
done <tests/defects.txt
wait
[ ! -e "$results/unseen" ]
