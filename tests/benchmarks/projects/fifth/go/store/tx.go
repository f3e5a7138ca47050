package store

import "example.org/pebblekv/value"

// entry is a pending write; a deleted entry hides the key of the parent.
type entry struct {
	value   value.Value
	deleted bool
}

// Tx buffers writes until Commit.
type Tx struct {
	store  *Store
	parent Writer
	outer  *Tx
	writes map[string]entry
}

// Depth is 1 for an outermost transaction.
func (t *Tx) Depth() int {
	depth := 0
	for tx := t; tx != nil; tx = tx.outer {
		depth++
	}
	return depth
}

// Get looks at the pending writes first and then at the parent.
func (t *Tx) Get(key string) (value.Value, error) {
	if e, ok := t.writes[key]; ok {
		if e.deleted {
			return nil, ErrNotFound
		}
		return e.value, nil
	}
	return t.parent.Get(key)
}

func (t *Tx) Set(key string, v value.Value) {
	t.writes[key] = entry{value: v}
}

func (t *Tx) Delete(key string) error {
	if _, err := t.Get(key); err != nil {
		return err
	}
	t.writes[key] = entry{deleted: true}
	return nil
}

// Keys merges the keys of the parent with the pending writes.
func (t *Tx) Keys() []string {
	keys := map[string]bool{}
	for _, key := range t.parent.Keys() {
		keys[key] = true
	}
	for key, e := range t.writes {
		if e.deleted {
			delete(keys, key)
		} else {
			keys[key] = true
		}
	}
	return value.SortedKeys(keys)
}

// Commit hands the writes to the parent and returns how many there were.
func (t *Tx) Commit() int {
	for _, key := range value.SortedKeys(t.writes) {
		if e := t.writes[key]; e.deleted {
			// The key may have lived in this transaction only.
			_ = t.parent.Delete(key)
		} else {
			t.parent.Set(key, e.value)
		}
	}
	return t.close()
}

// Rollback forgets the writes and returns how many there were.
func (t *Tx) Rollback() int {
	return t.close()
}

func (t *Tx) close() int {
	t.store.tx = t.outer
	return len(t.writes)
}
