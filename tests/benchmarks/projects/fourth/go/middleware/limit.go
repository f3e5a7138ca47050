package middleware

import (
	"example.org/waypost/httpish"
	"example.org/waypost/router"
)

const defaultBurst = 3

// limiter is a token bucket per client.
type limiter struct {
	next    router.Handler
	burst   int
	buckets map[string]int
}

// Option changes a limiter while Limit builds it.
type Option func(*limiter)

// WithBurst sets how many requests a client may send at once.
func WithBurst(burst int) Option {
	return func(l *limiter) { l.burst = burst }
}

// Limit refuses clients that have used their share up.
func Limit(options ...Option) router.Middleware {
	return func(next router.Handler) router.Handler {
		l := &limiter{next: next, burst: defaultBurst, buckets: map[string]int{}}
		for _, apply := range options {
			apply(l)
		}
		return l
	}
}

func (l *limiter) Handle(res *httpish.Response, req *httpish.Request) error {
	client := req.Header.Get("Client")
	if l.buckets[client] >= l.burst {
		return router.Fail(httpish.StatusBusy, "slow down, %s", client)
	}
	l.buckets[client]++
	return l.next.Handle(res, req)
}
