#!/bin/bash
# Plants each defect of tests/defects.txt in turn and demands that its scenario fails and says why; a gateway's defect must
# fail exactly its case of `v2x conform gateway`, and no other one. Needs build-defects/.
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

plant() {
  local defect=$1 scenario=$2 words=$3 code=0 said command=(run "$2")
  [[ $scenario = conform/* ]] && command=(conform gateway --run-own)
  said=$(V2X_DEFECT=$defect "$v2x" "${command[@]}" --results "$results/$defect" 2>&1) || code=$?
  if [ "$code" = 1 ] && is_seen "$scenario" "$words" "$said"; then
    echo "seen    $defect: $(grep -m1 -E '^failed ' <<<"$said")"
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
