"""Names of members that the types of many libraries have."""

EVERYDAY = frozenset(
    ["get", "set", "add", "put", "push", "pop", "size", "length", "name", "value", "key", "keys",
     "values", "entries", "close", "open", "read", "write", "run", "start", "stop", "next", "update",
     "toString", "equals", "hashCode", "compareTo", "map", "filter", "reduce", "find", "forEach",
     "join", "split", "test", "exec", "then", "catch", "call", "apply", "bind", "clone", "len", "cap",
     "is_empty", "iter", "into", "from", "new", "default", "fmt", "to_string", "insert", "remove",
     "clear", "contains", "begin", "end", "data", "first", "second", "String", "Error", "Close", "Read",
     "Write", "Len", "Less", "Swap", "append", "copy", "index"]
)  # fmt: skip
