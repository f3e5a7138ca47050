def weighed(*a): return None
