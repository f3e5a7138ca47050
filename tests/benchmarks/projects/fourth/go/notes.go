package main

import (
	"fmt"
	"strconv"
	"strings"

	"example.org/waypost/httpish"
	"example.org/waypost/router"
	"example.org/waypost/store"
)

// record has the fields that all stored values share.
type record struct {
	id      int
	version int
}

func (r *record) touch() { r.version++ }

func (r record) tag() string { return fmt.Sprintf("%d.%d", r.id, r.version) }

// Note is a line of text with a version.
type Note struct {
	record
	Text string
}

func (n Note) WithID(id int) Note {
	n.id = id
	return n
}

func (n Note) String() string { return fmt.Sprintf("#%s %s", n.tag(), n.Text) }

// API serves notes out of a store.
type API struct {
	notes *store.Store[Note]
}

func (a *API) list(res *httpish.Response, _ *httpish.Request) error {
	res.Printf("%d: %s", a.notes.Len(), strings.Join(store.Map(a.notes.All(), Note.String), ", "))
	return nil
}

func (a *API) create(res *httpish.Response, req *httpish.Request) error {
	if req.Body == "" {
		return router.Fail(httpish.StatusBadRequest, "empty note")
	}
	note := a.notes.Add(Note{Text: req.Body})
	res.Status = httpish.StatusCreated
	res.Header.Set("Location", fmt.Sprintf("/notes/%d", note.id))
	res.Printf("%s", note)
	return nil
}

// withID parses the id parameter before it calls a handler.
func withID(handle func(res *httpish.Response, req *httpish.Request, id int) error) router.HandlerFunc {
	return func(res *httpish.Response, req *httpish.Request) error {
		id, err := strconv.Atoi(req.Param("id"))
		if err != nil {
			return router.Fail(httpish.StatusBadRequest, "bad id %q", req.Param("id"))
		}
		return handle(res, req, id)
	}
}

func missing(id int) error { return router.Fail(httpish.StatusNotFound, "no note %d", id) }

func (a *API) show(res *httpish.Response, _ *httpish.Request, id int) error {
	note, ok := a.notes.Get(id)
	if !ok {
		return missing(id)
	}
	res.Printf("%v", note)
	return nil
}

func (a *API) update(res *httpish.Response, req *httpish.Request, id int) error {
	changed := a.notes.Update(id, func(note Note) Note {
		note.touch()
		note.Text = req.Body
		return note
	})
	if !changed {
		return missing(id)
	}
	return a.show(res, req, id)
}

func (a *API) remove(res *httpish.Response, _ *httpish.Request, id int) error {
	if !a.notes.Remove(id) {
		return missing(id)
	}
	res.Printf("removed %d", id)
	return nil
}
