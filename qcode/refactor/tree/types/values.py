"""A type as it is written: its last name, its arguments, and the file whose imports say what the name means."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from qcode.refactor.tree.types.classes import Class


@dataclass(frozen=True, slots=True)
class Type:
    """`name` without its module; `args` in order, None where one is not known. Names of our own: "[]" a list, "{}" a
    map, "()" what can be called (its only argument is what it returns), "(,)" a tuple, "|" one of several.
    `path` is the file in which the name stands, `known` the class itself where there is no name to look up;
    `itself` tells `Box` the class from a box; `package` is what stands before the name; `open`: it may be an heir's,
    where a parameter of a generic function is known by its bound alone."""

    name: str
    args: tuple[Type | None, ...] = ()
    path: str = ""
    known: Class | None = field(default=None, compare=False)
    itself: bool = False
    package: str = ""
    open: bool = field(default=False, compare=False)


FOREIGN = Type("<foreign>")  # of another package, or the language's own


def listed(element: Type | None) -> Type:
    """A list of elements."""
    return Type("[]", (element,))


def called(result: Type | None) -> Type:
    """What can be called."""
    return Type("()", (result,))


def instance(kind: Type) -> Type:
    """A value of the class that a name means."""
    return replace(kind, itself=False)


def replaced(kind: Type | None, by: dict[str, Type | None]) -> Type | None:
    """A type with the parameters of its class filled in."""
    if kind is None or not by:
        return kind
    if kind.name in by and not kind.args:
        return by[kind.name]
    return replace(kind, args=tuple(replaced(a, by) for a in kind.args))


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


# What gives its content's members away as its own, or behind `->`.
POINTERS = _set(
    "Box Rc Arc Ref RefMut MutexGuard RwLockReadGuard RwLockWriteGuard Cow Pin Readonly Required Partial"
)
ARROWS = _set("unique_ptr shared_ptr weak_ptr optional")
# What gives its content by one of GIVE.
HOLDERS = _set(
    "Option Optional Result Promise Mutex RwLock RefCell Cell OnceCell LazyLock Lazy Future Supplier AtomicReference"
    " ThreadLocal WeakReference Weak reference_wrapper Poll PoisonError LockResult"
)
GIVE = _set(
    "unwrap expect unwrap_or unwrap_or_default unwrap_or_else get orElse orElseThrow orElseGet borrow borrow_mut lock read"
    " write value value_or into_inner get_mut take join upgrade ok_or getNow"
)
SAME = _set(
    "iter iter_mut into_iter filter stream parallelStream sorted reversed rev skip take limit distinct peekable slice concat"
    " cloned copied as_ref as_mut chain cycle take_while skip_while takeWhile dropWhile peek reverse sort to_vec subList"
    " toList drain iterator listIterator by_ref fuse step_by as_slice as_deref as_deref_mut clone ok or or_else ok_or"
    " inspect toSorted toReversed splice copyOf unmodifiableList fill collect values_mut"
)
ONE = _set(
    "at pop shift find first last front back top next peek poll getFirst getLast removeFirst removeLast nth max min"
    " findFirst findAny get get_mut remove swap_remove pop_front pop_back element max_by_key min_by_key max_by min_by"
    " pollFirst pollLast findLast front_mut back_mut first_mut last_mut entry getOrDefault get_or_insert_with"
    " computeIfAbsent put or_default or_insert or_insert_with setdefault insert"
)
EACH = _set(
    "map forEach forEachOrdered filter find some every any all for_each position flatMap findIndex anyMatch allMatch noneMatch mapToInt"
    " mapToLong mapToDouble mapToObj sort_by_key retain filter_map take_while skip_while max_by_key min_by_key removeIf"
    " ifPresent and_then flat_map find_map takeWhile dropWhile peek inspect partition findLast findLastIndex is_some_and"
    " map_or map_or_else ifPresentOrElse then sort_by_cached_key map_while sortBy groupBy sum toMap groupingBy"
)
BOTH = _set("sort sorted sort_by min_by max_by toSorted sort_unstable_by dedup_by")
MAPS = _set("Map HashMap TreeMap LinkedHashMap BTreeMap ConcurrentHashMap ConcurrentMap SortedMap NavigableMap map"
            " unordered_map multimap WeakMap Record {} IndexMap EnumMap FxHashMap AHashMap ReadonlyMap")  # fmt: skip
LISTS = _set(
    "[] Vec VecDeque List ArrayList LinkedList Set HashSet TreeSet LinkedHashSet BTreeSet Collection Iterable Iterator Stream"
    " Queue Deque ArrayDeque PriorityQueue Array ReadonlyArray IterableIterator Generator ReadonlySet vector array deque list"
    " set unordered_set span initializer_list Stack Vector SortedSet IntoIterator ExactSizeIterator DoubleEndedIterator"
    " BinaryHeap Option Optional Sequence AsyncIterable AsyncGenerator queue stack forward_list multiset priority_queue"
    " SmallVec ArrayVec Slice ListIterator chan Channel Receiver Sender CopyOnWriteArrayList BlockingQueue EnumSet"
)
