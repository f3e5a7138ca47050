// Package logs reads structured log lines.
package logs

import (
	"fmt"
	"strings"
	"time"
)

// Level is the severity of an entry.
type Level int

const (
	Debug Level = iota
	Info
	Warn
	Error
)

var levelNames = [...]string{"DEBUG", "INFO", "WARN", "ERROR"}

func (l Level) String() string {
	return levelNames[l]
}

// ParseLevel finds a level by its name in any case.
func ParseLevel(name string) (Level, error) {
	for i, known := range levelNames {
		if strings.EqualFold(known, name) {
			return Level(i), nil
		}
	}
	return 0, fmt.Errorf("%w %q", ErrLevel, name)
}

// Fields are the key=value pairs of an entry.
type Fields map[string]string

// Duration returns a field as a duration, if it is there and is one.
func (f Fields) Duration(key string) (time.Duration, bool) {
	d, err := time.ParseDuration(f[key])
	return d, err == nil
}

// Entry is one line of a log.
type Entry struct {
	Line      int
	Time      time.Time
	Level     Level
	Component string
	Message   string
	Fields
}

func (e Entry) String() string {
	return fmt.Sprintf("%3d %s %-5s %s: %s", e.Line, e.Time.Format("15:04:05"), e.Level, e.Component, e.Message)
}
