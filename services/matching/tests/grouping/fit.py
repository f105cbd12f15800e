#!/usr/bin/env python3
"""Fits the weights of src/grouping/account.rs. usage: pair_signs CATALOGUE < pairs.jsonl | fit.py WEIGHT
WEIGHT is what posts of two pairs weigh together.
Pairs that a slot parts are left out: no weight is asked about them. Prints the list [weights] and five-fold shares."""
import json, sys
import numpy as np
from scipy.optimize import minimize
NAMES = "bias street nested unknown fine_shared fine_apart other_shared kin more_kin kinds_apart shared coverage rare late swapped copied placed_kin town_kin kin_hours placed_soon".split()
rows = [json.loads(line) for line in sys.stdin]
cross = [r for r in rows if r.get('cross')]; rows = [r for r in rows if not r.get('cross')]
print('cross', len(cross), 'parted', sum(r['parted'] for r in cross), 'joined', sum(r['joined'] for r in cross))
same = [r for r in rows if r['same']]; other = [r for r in rows if not r['same']]
print('parted', sum(r['parted'] for r in same), 'of', len(same), 'same;', sum(r['parted'] for r in other), 'of', len(other), 'different; no key', sum(not r['keyed'] for r in same))
print('joined', sum(r['joined'] for r in same) / len(same), 'apart', 1 - sum(r['joined'] for r in other) / len(other))
kept = [r for r in rows + cross if not r['parted']]
x = np.array([r['signs'][1:] for r in kept]); y = np.array([r['same'] for r in kept])
crossed = np.array([bool(r.get('cross')) for r in kept])
BLIND = float(sys.argv[2]) if len(sys.argv) > 2 and sys.argv[2][0] != '-' else 0.5
weigh = np.where(crossed, float(sys.argv[1]) / crossed.sum(), np.where(y, 1.0, 2.0))
# What can only speak for one event, or only against, may not be turned round by chance among few pairs.
FOR, AGAINST = {'street', 'nested', 'fine_shared', 'other_shared', 'kin', 'more_kin', 'shared', 'coverage', 'rare', 'copied', 'placed_kin', 'town_kin', 'kin_hours', 'placed_soon'}, {'fine_apart', 'kinds_apart', 'late', 'swapped'}
BOUNDS = [(None, None)] + [(0, None) if n in FOR else (None, 0) if n in AGAINST else (None, None) for n in NAMES[1:]]
def fit(x, y, w):
    x1, sign = np.c_[np.ones(len(x)), x], np.where(y, 1, -1)
    def loss(b):
        m = sign * (x1 @ b); g = -(w * sign / (1 + np.exp(m))) @ x1; ridge = np.r_[0, b[1:]]
        return (w * np.logaddexp(0, -m)).sum() + (ridge ** 2).sum(), g + 2 * ridge
    b = minimize(loss, np.zeros(x1.shape[1]), jac=True, method='L-BFGS-B', bounds=BOUNDS).x
    return lambda x: np.c_[np.ones(len(x)), x] @ b, b
folds = np.arange(len(y)) % 5
right = np.zeros(len(y), bool)
for fold in range(5):
    model, _ = fit(x[folds != fold], y[folds != fold], weigh[folds != fold]); right[folds == fold] = (model(x[folds == fold]) > 0) == y[folds == fold]
print('folds: joined', right[y].sum() / len(same), 'apart', 1 - (~right[~y & ~crossed]).sum() / len(other), 'cross joined', (~right[crossed]).sum())
# The words of kinds were written by the hand that wrote the pairs, and know them better than they know others: half the
# weight goes to the same pairs with no kind known.
blind = [i for i, n in enumerate(NAMES[1:]) if 'kin' in n]
deaf = x.copy(); deaf[:, blind] = 0
model, b = fit(np.r_[x, deaf], np.r_[y, y], np.r_[weigh, weigh * BLIND])
print(' '.join(f'{n}={w:.2f}' for n, w in zip(NAMES, b)))
if '--verbose' in sys.argv:
    for r, p in zip(kept, model(x)):
        if (p > 0) != r['same'] and not r.get('cross'): print(r['id'], r['same'], round(p, 2), [round(s, 2) for s in r['signs']])
    for r in rows:
        if r['same'] and (r['parted'] or not r['keyed']): print('lost', r['id'], r['parted'], r['keyed'])
