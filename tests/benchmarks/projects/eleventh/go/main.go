// Command crates runs a sample session of the playlist core.
package main

import (
	"errors"
	"fmt"
	"os"
	"time"

	"example.org/crates/export"
	"example.org/crates/library"
	"example.org/crates/shuffle"
	"example.org/crates/smart"
)

func seedLibrary() *library.Library {
	lib := &library.Library{}
	song := func(title string, minutes, seconds int) library.Media {
		return library.Media{Title: title, Length: time.Duration(minutes*60+seconds) * time.Second}
	}
	lib.Add("Nora Blue", library.Jazz, 1961, song("Late Tram", 5, 12))
	lib.Add("Nora Blue", library.Jazz, 1964, song("Harbour", 7, 3))
	lib.Add("The Gravel", library.Rock, 1973, song("Motor", 3, 41))
	lib.Add("The Gravel", library.Rock, 1975, song("Slow Ditch", 6, 20))
	lib.Add("Kilo", library.Electronic, 1998, song("Grid", 4, 48))
	lib.Add("Kilo", library.Electronic, 2004, song("Pulse; Again", 5, 55))
	lib.Add("Ewa Lind", library.Folk, 2011, song("Birch", 2, 58))
	lib.Add("Ewa Lind", library.Folk, 2015, song("Field Notes", 3, 9))
	return lib
}

func report(err error) {
	var rating *library.RatingError
	switch {
	case errors.As(err, &rating):
		fmt.Printf("bad rating %d (%v)\n", rating.Rating, err)
	case errors.Is(err, library.ErrNotFound):
		fmt.Println("missing:", err)
	case err != nil:
		fmt.Println(err)
	}
}

func main() {
	lib := seedLibrary()
	events := make(map[string]int)
	lib.Observe(func(event string, t *library.Track) {
		events[event]++
		if event == "rated" && t.Rating == 5 {
			fmt.Println("favourite:", t)
		}
	})

	for id, plays := range []int{4, 9, 2, 7, 7, 1, 3} {
		report(lib.Play(library.TrackID(id+1), plays))
	}
	for _, r := range [][2]int{{2, 5}, {4, 4}, {5, 3}, {7, 5}, {3, 6}, {99, 1}} {
		report(lib.Rate(library.TrackID(r[0]), r[1]))
	}
	fmt.Printf("events: %d played, %d rated\n", events["played"], events["rated"])

	loud := smart.Genre{library.Rock, library.Electronic}
	playlists := []*smart.Playlist{
		smart.New("Evergreens", smart.All{smart.Year(1960, 1999), smart.Lasting(4*time.Minute, 6*time.Minute)}, smart.OrderBy(smart.MostPlayed)),
		smart.New("Quiet", smart.Not{Rule: loud}),
		smart.New("Loud", loud, smart.OrderBy(func(a, b *library.Track) bool { return a.Year > b.Year })),
	}
	for _, p := range playlists {
		tracks := p.Evaluate(lib)
		fmt.Printf("\n%s: %v [%v]\n", p.Name, p.Rule, smart.Total(tracks))
		for i, t := range tracks {
			fmt.Printf("%2d. %v %d/5\n", i+1, t, t.Rating)
		}
	}

	loudest := playlists[2]
	generator := shuffle.Generator(2024)
	shuffled := shuffle.Shuffle(&generator, loudest.Evaluate(lib))
	for _, format := range []string{"m3u", "csv", "xspf"} {
		exporter, err := export.For(format)
		if err == nil {
			fmt.Println()
			err = exporter(os.Stdout, loudest.Name, shuffled)
		}
		report(err)
	}
}
