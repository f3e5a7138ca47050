"""qcode: a local-first coding assistant. A sentence in, a tested diff out.

The rooms, top to bottom (imports go downstairs only; `lint-imports` checks it):

    cli                     typer verbs: parse, build, hand over
    tui                     Textual app: draws events, asks for approval
    review | agent          diff review | the plan-edit-test loop
    context | router        what fits the window | request -> exact call, question, or refusal
    tools                   what a model may call
    refactor                semantic refactorings: snapshot -> ChangeSet
    sandbox | backends      run a command on a layer over the tree | inference engines
    edits | index           text -> ChangeSet | symbols and search
    workspace               root, ignores, safe paths, git, snapshots, journaled apply, undo
    syntax                  grammars, parse, definitions
    prompts | config        templates | settings
    trust | secrecy         what a repository may do | what never enters a prompt or a log
    messages                the values that rooms hand to each other
    errors | terminal       the error tree | the output sanitiser
"""

__version__ = "0.1.0"
