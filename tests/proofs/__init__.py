"""Machine proofs about whole rule sets: what no example can show, because it is said of every patient.

Every fact is divided into the cells between the cut points that findings draw through it, and in each cell the findings
are judged by the engine itself. A statement about a rule is then proved by trying every combination of cells where
they are few, and by a solver (z3) over the same cells where they are many. Each result says which of the two it
rests on.

They stand under `tests`, not in `rules`: they are for those who change a rule set, so neither the service nor an
embedded core should carry a solver, and `rules` stays with the standard library and its reader of YAML.

Computed facts are functions of their inputs where those are few (`clusters`), or bound to one of them (`bonds`). The
rest may take any value, whatever the facts behind them: then a proof that something cannot happen still holds, and at
worst a defect is missed, never one reported that is not there.
"""
