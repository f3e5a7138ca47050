// Package router matches paths against patterns such as /items/:id and /files/*path.
package router

import (
	"errors"
	"fmt"

	"example.org/waypost/httpish"
)

// Handler answers a request; an error becomes a response by way of Router.Serve.
type Handler interface {
	Handle(res *httpish.Response, req *httpish.Request) error
}

// HandlerFunc lets a plain function be a Handler.
type HandlerFunc func(res *httpish.Response, req *httpish.Request) error

func (f HandlerFunc) Handle(res *httpish.Response, req *httpish.Request) error { return f(res, req) }

// Middleware wraps a handler in another one.
type Middleware func(next Handler) Handler

// Chain puts middleware around a handler; the first one is outermost.
func Chain(h Handler, stack ...Middleware) Handler {
	for i := len(stack) - 1; i >= 0; i-- {
		h = stack[i](h)
	}
	return h
}

// StatusError is an error that knows the status it should be answered with.
type StatusError struct {
	Status  int
	Message string
}

func (e *StatusError) Error() string { return fmt.Sprintf("%d: %s", e.Status, e.Message) }

// Fail builds a StatusError from a format.
func Fail(status int, format string, args ...any) error {
	return &StatusError{Status: status, Message: fmt.Sprintf(format, args...)}
}

// ErrDuplicate is returned when a pattern is registered twice for one method.
var ErrDuplicate = errors.New("duplicate route")

// Route is a registered pattern.
type Route struct {
	Method  httpish.Method
	Pattern string
	handler Handler
	hits    int
}

func (r *Route) Hits() int { return r.hits }

// Router holds the tree of routes and the middleware common to all.
type Router struct {
	root    *node
	handler Handler
	routes  []*Route
}

func New(stack ...Middleware) *Router {
	r := &Router{root: newNode("")}
	r.handler = Chain(HandlerFunc(r.dispatch), stack...)
	return r
}

// Add registers a handler, with middleware for this route only.
func (r *Router) Add(method httpish.Method, pattern string, h Handler, stack ...Middleware) error {
	n := r.root
	for _, segment := range split(pattern) {
		n = n.child(segment)
	}
	if _, taken := n.routes[method]; taken {
		return fmt.Errorf("%w: %s %s", ErrDuplicate, method, pattern)
	}
	route := &Route{Method: method, Pattern: pattern, handler: Chain(h, stack...)}
	n.routes[method] = route
	r.routes = append(r.routes, route)
	return nil
}

// Serve runs a request through the middleware and the route it belongs to.
func (r *Router) Serve(req *httpish.Request) *httpish.Response {
	res := httpish.NewResponse()
	if err := r.handler.Handle(res, req); err != nil {
		var failure *StatusError
		if errors.As(err, &failure) {
			res.Replace(failure.Status, failure.Message)
		} else {
			res.Replace(httpish.StatusError, err.Error())
		}
	}
	return res
}

func (r *Router) dispatch(res *httpish.Response, req *httpish.Request) error {
	params := map[string]string{}
	n := r.root.find(split(req.Path), params)
	if n == nil {
		return Fail(httpish.StatusNotFound, "no route for %s", req.Path)
	}
	route, ok := n.routes[req.Method]
	if !ok {
		return Fail(httpish.StatusNotAllowed, "%s is not allowed on %s", req.Method, req.Path)
	}
	req.Params = params
	route.hits++
	return route.handler.Handle(res, req)
}

// Walk visits the routes in the order of their registration.
func (r *Router) Walk(visit func(*Route)) {
	for _, route := range r.routes {
		visit(route)
	}
}
