// Package middleware has the wrappers that the demo server puts around its handlers.
package middleware

import (
	"fmt"
	"strconv"

	"example.org/waypost/httpish"
	"example.org/waypost/router"
)

// Clock is a source of ticks; the log uses one to time requests.
type Clock interface {
	Now() int
}

// StepClock advances by Step on every reading.
type StepClock struct {
	Step int
	now  int
}

func (c *StepClock) Now() int {
	c.now += c.Step
	return c.now
}

// Log records one line per request.
type Log struct {
	clock Clock
	lines []string
}

func NewLog(clock Clock) *Log { return &Log{clock: clock} }

func (l *Log) Lines() []string { return l.lines }

// Wrap is the middleware; use it as a method value.
func (l *Log) Wrap(next router.Handler) router.Handler {
	return router.HandlerFunc(func(res *httpish.Response, req *httpish.Request) error {
		start := l.clock.Now()
		err := next.Handle(res, req)
		outcome := "ok"
		if err != nil {
			outcome = err.Error()
		}
		took := l.clock.Now() - start
		l.lines = append(l.lines, fmt.Sprintf("t=%03d +%d %s %s: %s", start, took, req.Method, req.Path, outcome))
		return err
	})
}

// Recover turns a panic of a handler into an error.
func Recover(next router.Handler) router.Handler {
	return router.HandlerFunc(func(res *httpish.Response, req *httpish.Request) (err error) {
		defer func() {
			if cause := recover(); cause != nil {
				err = fmt.Errorf("recovered: %v", cause)
			}
		}()
		return next.Handle(res, req)
	})
}

// RequestID numbers the requests, starting at first.
func RequestID(first int) router.Middleware {
	id := first
	return func(next router.Handler) router.Handler {
		return router.HandlerFunc(func(res *httpish.Response, req *httpish.Request) error {
			res.Header.Set("Request-Id", strconv.Itoa(id))
			id++
			return next.Handle(res, req)
		})
	}
}

// Require refuses unsafe requests that do not carry the token.
func Require(token string) router.Middleware {
	return func(next router.Handler) router.Handler {
		return router.HandlerFunc(func(res *httpish.Response, req *httpish.Request) error {
			if !req.Method.Safe() && req.Header.Get("Token") != token {
				return router.Fail(httpish.StatusForbidden, "a token is needed to %s", req.Method)
			}
			return next.Handle(res, req)
		})
	}
}
