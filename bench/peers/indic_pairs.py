"""The pairs of indic-namematch's public benchmark, from its source distribution: its path is the argument.

Standard output: JSON, a list of {"a", "b", "class", "label"}, with its categories as classes and "no_match" for its "non_match".
"""
import csv
import io
import json
import sys
import tarfile

LABELS = {"match": "match", "non_match": "no_match"}

with tarfile.open(sys.argv[1]) as archive:
    name = next(name for name in archive.getnames() if name.endswith("/benchmark/name_pairs.csv"))
    text = io.TextIOWrapper(archive.extractfile(name), encoding="utf-8")
    rows = list(csv.DictReader(text))

pairs = [{"a": row["name_a"], "b": row["name_b"], "class": row["category"], "label": LABELS[row["label"]]} for row in rows]
json.dump(pairs, sys.stdout)
