// Command waypost feeds a list of fake requests to a small router and prints the answers.
package main

import (
	"errors"
	"fmt"
	"log"

	"example.org/waypost/httpish"
	"example.org/waypost/middleware"
	"example.org/waypost/router"
	"example.org/waypost/store"
)

const token = "sesame"

func routes(r *router.Router, api *API) error {
	guard := middleware.Require(token)
	table := []struct {
		method  httpish.Method
		pattern string
		handler router.HandlerFunc
		stack   []router.Middleware
	}{
		{httpish.Get, "/notes", api.list, nil},
		{httpish.Post, "/notes", api.create, []router.Middleware{guard}},
		{httpish.Get, "/notes/:id", withID(api.show), nil},
		{httpish.Put, "/notes/:id", withID(api.update), []router.Middleware{guard}},
		{httpish.Delete, "/notes/:id", withID(api.remove), []router.Middleware{guard}},
		{httpish.Get, "/notes/latest", latest(api), []router.Middleware{middleware.Limit()}},
		{httpish.Get, "/files/*path", file, nil},
		{httpish.Get, "/crash", func(*httpish.Response, *httpish.Request) error { panic("out of ink") }, nil},
	}
	for _, row := range table {
		if err := r.Add(row.method, row.pattern, row.handler, row.stack...); err != nil {
			return err
		}
	}
	return nil
}

func latest(api *API) router.HandlerFunc {
	return func(res *httpish.Response, _ *httpish.Request) error {
		notes := api.notes.All()
		if len(notes) == 0 {
			return errors.New("no notes at all")
		}
		res.Printf("latest is %s", notes[len(notes)-1])
		return nil
	}
}

func file(res *httpish.Response, req *httpish.Request) error {
	path := req.Param("path")
	res.Header.Set("Length", fmt.Sprint(len(path)))
	res.Printf("contents of %s", path)
	return nil
}

func requests() []*httpish.Request {
	get := func(path string) *httpish.Request { return httpish.NewRequest(httpish.Get, path, "") }
	return []*httpish.Request{
		get("/notes").With("Client", "ada"),
		httpish.NewRequest(httpish.Post, "/notes", "water the fern").With("Token", token),
		httpish.NewRequest(httpish.Post, "/notes", "no entry"),
		httpish.NewRequest(httpish.Post, "/notes", "").With("Token", token),
		get("/notes/2"),
		httpish.NewRequest(httpish.Put, "/notes/2", "feed the cat twice").With("Token", token),
		get("/notes/latest").With("Client", "cy"),
		get("/notes/nine").With("Client", "ada"),
		httpish.NewRequest(httpish.Delete, "/notes/1", "").With("Token", token).With("Client", "ada"),
		httpish.NewRequest(httpish.Delete, "/notes/1", "").With("Token", token).With("Client", "ada"),
		get("/files/docs/readme.txt").With("Client", "bo"),
		httpish.NewRequest(httpish.Delete, "/files/docs", "").With("Client", "bo"),
		get("/crash").With("Client", "bo"),
		get("/attic").With("Client", "bo"),
		get("/notes/latest").With("Client", "bo"),
		get("/notes").With("Client", "bo"),
	}
}

func main() {
	api := &API{notes: store.New(Note{Text: "buy paper"}, Note{Text: "feed the cat"})}
	journal := middleware.NewLog(&middleware.StepClock{Step: 5})
	limit := middleware.Limit(middleware.WithBurst(5))
	r := router.New(journal.Wrap, middleware.RequestID(100), limit, middleware.Recover)
	if err := routes(r, api); err != nil {
		log.Fatal(err)
	}

	total, byStatus := 0, map[int]int{}
	for _, req := range requests() {
		res := r.Serve(req)
		total += res.Size()
		byStatus[res.Status]++
		fmt.Printf("%-6s %-22s %d [%s] %s\n", req.Method, req.Path, res.Status, res.Header, res.Body())
	}

	for _, line := range journal.Lines() {
		fmt.Println(line)
	}
	r.Walk(func(route *router.Route) {
		fmt.Printf("%-6s %-14s %d\n", route.Method, route.Pattern, route.Hits())
	})
	err := r.Add(httpish.Get, "/notes", router.HandlerFunc(file))
	fmt.Println("add:", err, errors.Is(err, router.ErrDuplicate))
	fmt.Println("bytes:", total, "ok:", byStatus[httpish.StatusOK], "kinds:", len(byStatus))
}
