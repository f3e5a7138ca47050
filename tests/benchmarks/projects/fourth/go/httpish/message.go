// Package httpish holds the plain request and response values that the router passes around.
package httpish

import (
	"fmt"
	"sort"
	"strings"
)

// Method is the verb of a request.
type Method int

const (
	Get Method = iota
	Post
	Put
	Delete
)

var methodNames = [...]string{Get: "GET", Post: "POST", Put: "PUT", Delete: "DELETE"}

func (m Method) String() string { return methodNames[m] }

// Safe reports whether a method leaves the state of the server alone.
func (m Method) Safe() bool { return m == Get }

// Status codes used by the handlers.
const (
	StatusOK         = 200
	StatusCreated    = 201
	StatusBadRequest = 400
	StatusForbidden  = 403
	StatusNotFound   = 404
	StatusNotAllowed = 405
	StatusBusy       = 429
	StatusError      = 500
)

// Header maps lower-case names to values.
type Header map[string]string

func (h Header) Get(name string) string        { return h[strings.ToLower(name)] }
func (h Header) Set(name string, value string) { h[strings.ToLower(name)] = value }

// String lists the header in the order of its names.
func (h Header) String() string {
	names := make([]string, 0, len(h))
	for name := range h {
		names = append(names, name)
	}
	sort.Strings(names)
	var b strings.Builder
	for i, name := range names {
		if i > 0 {
			b.WriteString("; ")
		}
		fmt.Fprintf(&b, "%s=%s", name, h.Get(name))
	}
	return b.String()
}

// Request is a fake request; Params is filled in by the router.
type Request struct {
	Method Method
	Path   string
	Header Header
	Body   string
	Params map[string]string
}

// NewRequest builds a request from a method and a path with an optional body.
func NewRequest(method Method, path, body string) *Request {
	return &Request{Method: method, Path: path, Header: Header{}, Body: body}
}

// With sets one header and returns the request, so that calls can be chained.
func (r *Request) With(name, value string) *Request {
	r.Header.Set(name, value)
	return r
}

func (r *Request) Param(name string) string { return r.Params[name] }

// Response collects what a handler writes.
type Response struct {
	Status int
	Header Header
	body   strings.Builder
}

func NewResponse() *Response {
	return &Response{Status: StatusOK, Header: Header{}}
}

func (r *Response) Printf(format string, args ...any) {
	fmt.Fprintf(&r.body, format, args...)
}

// Replace throws the body away and starts over with the given status.
func (r *Response) Replace(status int, body string) {
	r.body.Reset()
	r.Status = status
	r.body.WriteString(body)
}

func (r *Response) Body() string { return r.body.String() }
func (r *Response) Size() int    { return r.body.Len() }
