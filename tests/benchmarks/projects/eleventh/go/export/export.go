// Package export writes playlists in exchange formats.
package export

import (
	"bufio"
	"encoding/csv"
	"fmt"
	"io"
	"strconv"

	"example.org/crates/library"
)

// Exporter writes a named list of tracks.
type Exporter func(w io.Writer, name string, tracks []*library.Track) error

var formats = map[string]Exporter{"m3u": m3u, "csv": table}

// For returns the exporter of a format.
func For(format string) (Exporter, error) {
	if exporter, ok := formats[format]; ok {
		return exporter, nil
	}
	return nil, fmt.Errorf("export: unknown format %q", format)
}

func m3u(w io.Writer, name string, tracks []*library.Track) error {
	out := bufio.NewWriter(w)
	fmt.Fprintf(out, "#EXTM3U\n#PLAYLIST:%s\n", name)
	for _, t := range tracks {
		fmt.Fprintf(out, "#EXTINF:%d,%s - %s\n", int(t.Length.Seconds()), t.Artist, t.Title)
	}
	return out.Flush()
}

func table(w io.Writer, _ string, tracks []*library.Track) error {
	out := csv.NewWriter(w)
	out.Comma = ';'
	for _, t := range tracks {
		if err := out.Write([]string{strconv.Itoa(int(t.ID)), t.Artist, t.Title, t.Clock()}); err != nil {
			return err
		}
	}
	out.Flush()
	return out.Error()
}
