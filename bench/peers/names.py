"""Decides pairs of names as RapidFuzz's plain algorithms and indic-namematch do.

Standard input: JSON, a list of [a, b]. Standard output: JSON, a list of {"matcher", "answers"}; with --timed of {"matcher", "per_second"}. An answer
is a score of 0 to 100, or the word for indic-namematch's own decision. RapidFuzz gets names in lower case without punctuation, as document 003 asks.
"""
import json
import statistics
import sys
import time

from indic_namematch import NameMatcher
from rapidfuzz import fuzz, utils
from rapidfuzz.distance import JaroWinkler

SECONDS = 0.3
WINDOWS = 5
WORDS = {"approve": "match", "review": "review", "reject": "no_match"}
INDIC = NameMatcher()


def jaro_winkler(a, b):
    return 100 * JaroWinkler.normalized_similarity(a, b, processor=utils.default_process)


def ratio(scorer):
    return lambda a, b: scorer(a, b, processor=utils.default_process)


def indic(a, b):
    return WORDS[INDIC.decide(a, b).value]


MATCHERS = [
    ("Jaro-Winkler", jaro_winkler),
    ("token_sort_ratio", ratio(fuzz.token_sort_ratio)),
    ("token_set_ratio", ratio(fuzz.token_set_ratio)),
    ("WRatio", ratio(fuzz.WRatio)),
    ("indic-namematch", indic),
]


def window(matcher, pairs):
    count, begun = 0, time.process_time()
    while time.process_time() - begun < SECONDS:
        for a, b in pairs:
            matcher(a, b)
        count += len(pairs)
    return count / (time.process_time() - begun)


def answered(matcher, pairs):
    return {"answers": [matcher(a, b) for a, b in pairs]}


def paced(matcher, pairs):
    return {"per_second": statistics.median(window(matcher, pairs) for _ in range(WINDOWS))}


PAIRS = json.load(sys.stdin)
MEASURE = paced if "--timed" in sys.argv else answered
json.dump([{"matcher": name, **MEASURE(matcher, PAIRS)} for name, matcher in MATCHERS], sys.stdout)
