"""The models there are, what this machine can run, and which are installed.

`family` knows Qwen3.5's shapes, `weights` and `plan` what they take of memory, `machine` what there
is; `remote`, `download` and `pull` fetch a model, `store` keeps it, `admit` judges a file before an
engine loads it. Nothing here prints.
"""
