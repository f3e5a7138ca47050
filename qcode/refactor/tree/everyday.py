"""Names of members that the types of many libraries have, and those of each language's own library."""

from __future__ import annotations

_EVERYWHERE = frozenset(
    ["get", "set", "add", "put", "push", "pop", "size", "length", "name", "value", "key", "keys",
     "values", "entries", "close", "open", "read", "write", "run", "start", "stop", "next", "update",
     "toString", "equals", "hashCode", "compareTo", "map", "filter", "reduce", "find", "forEach",
     "join", "split", "test", "exec", "then", "catch", "call", "apply", "bind", "clone", "len", "cap",
     "is_empty", "iter", "into", "from", "new", "default", "fmt", "to_string", "insert", "remove",
     "clear", "contains", "begin", "end", "data", "first", "second", "String", "Error", "Close", "Read",
     "Write", "Len", "Less", "Swap", "append", "copy", "index"]
)  # fmt: skip
_OWN = {
    "c": "at back front push_back pop_back emplace emplace_back push_front pop_front resize reserve capacity empty erase"
    " count swap assign str c_str substr replace starts_with ends_with compare lower_bound upper_bound equal_range rbegin"
    " rend cbegin cend extract merge sort reverse unique splice top what reset release lock unlock try_lock detach"
    " joinable load store exchange fetch_add wait notify_one notify_all good fail eof bad flush is_open tellg seekg getline"
    " ignore peek fill precision width imbue get_future set_value valid has_value value_or emplace_hint real imag norm",
    "script": "at charAt charCodeAt codePointAt concat copyWithin delete every fill findIndex findLast flat flatMap has"
    " includes indexOf lastIndexOf match matchAll normalize padEnd padStart repeat replace replaceAll reverse search shift"
    " slice some sort splice startsWith endsWith substring toFixed toLowerCase toUpperCase trim trimEnd trimStart unshift"
    " valueOf toJSON getTime finally all race resolve reject emit on once off pipe send return throw description message",
    "go": "Add Done Wait Lock Unlock RLock RUnlock Format Unix Sub Before After Equal Bytes WriteString WriteByte ReadString"
    " ReadByte Scan Text Err Do Get Set Del Has Header Seek Flush Name Size Mode Value Type Kind Index Field Key Elem"
    " Reset Load Store Truncate Round Seconds Year Month Day Hour Query Path Host Body Status Next Push Pop",
    "rust": "all and_then any append as_bytes as_mut as_ref as_str borrow borrow_mut bytes chain chars cloned cmp collect"
    " contains_key copied count cycle drain drop entry enumerate eq err expect extend filter_map find_map flat_map flatten fold"
    " get_mut get_or_insert hash into_iter is_err is_none is_ok is_some iter_mut last lines lock map_err max min nth ok"
    " ok_or or_else or_insert parse partial_cmp position product push_str recv replace resize retain rev reverse rfind send"
    " skip sort sort_by sort_by_key spawn split_at starts_with sum swap take to_owned to_vec trim truncate try_into unwrap"
    " unwrap_or unwrap_or_else unwrap_or_default values_mut strip_prefix strip_suffix split split_once rsplit splitn trim_start trim_end"
    " char_indices to_lowercase to_uppercase to_ascii_lowercase is_ascii as_deref ok_or_else map_or map_or_else flatten zip unzip"
    " peekable skip_while take_while scan inspect step_by min_by_key max_by_key for_each partition find rposition binary_search"
    " split_first split_last concat join extend_from_slice as_ptr checked_add wrapping_add into_inner is_digit to_string_lossy"
    " display exists is_file is_dir file_name parent extension arg args output status stdin stdout spawn kill id path wait windows with_capacity write_str zip as_slice chunks dedup abs pow sqrt min_by max_by",
    "java": "addAll accept addFirst addLast charAt collect compare computeIfAbsent computeIfPresent concat containsKey"
    " containsValue count distinct endsWith entrySet findAny findFirst flatMap format getClass getKey getMessage getName"
    " getOrDefault getValue hasNext ifPresent indexOf intValue isEmpty isPresent iterator keySet lastIndexOf limit listIterator"
    " matches max merge min of offer orElse orElseThrow peek poll putAll putIfAbsent removeIf replace reverse setValue skip sort"
    " sorted startsWith stream subList substring sum test toArray toLowerCase toUpperCase trim valueOf execute submit shutdown"
    " flush readLine println print printf ready mark reset skip lines compareToIgnoreCase isBlank strip repeat",
}


def everyday(language: str) -> frozenset[str]:
    """Names that tell nothing about whose member they are, in a language of `tree.languages`."""
    return _EVERYWHERE | frozenset(_OWN.get(language, "").split())
