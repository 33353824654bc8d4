#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# pack.sh <vendor> <folder with vendors/<vendor>> <output>: makes a package that installs itself.
set -eu
vendor=$1
folder=$2
output=$3
payload=$output.payload

tar -C "$folder" -czf "$payload" "vendors/$vendor"
size=$(wc -c <"$payload" | tr -d ' ')
sum=$(cksum "$payload" | cut -d ' ' -f 1)
sed -e "s/@VENDOR@/$vendor/g" -e "s/@SIZE@/$size/" -e "s/@SUM@/$sum/" "$(dirname "$0")/install.sh.in" >"$output"
cat "$payload" >>"$output"
rm "$payload"
chmod +x "$output"
