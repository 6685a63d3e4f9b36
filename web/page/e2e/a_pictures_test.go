package e2e

import (
	"os"
	"path/filepath"
	"sync"
	"testing"
)

// A22: every letter can be drawn. With SCREENSHOTS=folder it takes the
// pictures that people look at: every page of two cities, at both widths, in
// both languages.
func TestA22_EveryLetterCanBeDrawn(t *testing.T) {
	folder := os.Getenv("SCREENSHOTS")
	if folder == "" {
		holds(t, "A22")
		return
	}
	for _, s := range []*stage{seoul(t), busan(t)} {
		t.Run(s.name, func(t *testing.T) { takePictures(t, s, filepath.Join(folder, s.name)) })
	}
}

func takePictures(t *testing.T, s *stage, folder string) {
	if err := os.MkdirAll(folder, 0o755); err != nil {
		t.Fatal(err)
	}
	chromium(t)
	var wg sync.WaitGroup
	queue := make(chan row)
	for range 2 {
		wg.Go(func() {
			for r := range queue {
				for _, english := range []bool{false, true} {
					if why := apart(t, func(tb testing.TB) { r.picture(tb, s, folder, english) }); why != "" {
						t.Errorf("%s %v: %s", r.name, english, why)
					}
				}
			}
		})
	}
	for _, r := range tables(t, s) {
		queue <- r
	}
	close(queue)
	wg.Wait()
}

// picture keeps a row as NAME.WIDTH.LANG.png at both widths.
func (r row) picture(t testing.TB, s *stage, folder string, english bool) {
	t.Helper()
	b := r.show(t, s, view{}, english)
	for _, width := range []int{390, 1280} {
		b.wide(width)
		v := variant{english: english, width: width}
		b.try(os.WriteFile(filepath.Join(folder, r.name+"."+v.String()+".png"), b.picture(), 0o644))
	}
}
