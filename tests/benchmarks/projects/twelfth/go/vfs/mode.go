package vfs

import "fmt"

// Mode holds the permission bits of a node, for its owner and for others.
type Mode uint8

const (
	OtherWrite Mode = 1 << iota
	OtherRead
	OwnerWrite
	OwnerRead

	DefaultMode = OwnerRead | OwnerWrite | OtherRead
)

// Has reports whether all the given bits are set.
func (m Mode) Has(bits Mode) bool { return m&bits == bits }

func (m Mode) String() string {
	text := []byte("rwrw")
	for i := range text {
		if !m.Has(OwnerRead >> i) {
			text[i] = '-'
		}
	}
	return string(text)
}

// ParseMode reads the form that String writes, such as "rwr-".
func ParseMode(text string) (Mode, error) {
	for mode := Mode(0); mode < 16; mode++ {
		if mode.String() == text {
			return mode, nil
		}
	}
	return 0, fmt.Errorf("mode %s: %w", text, ErrInvalid)
}
