package e2e

import (
	"bytes"
	"image"
	"image/jpeg"
	"image/png"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/page"
	"github.com/makiuchi-d/gozxing"
	"github.com/makiuchi-d/gozxing/qrcode"
)

// event are the lines of the first event of a calendar file, unfolded.
func event(t testing.TB, raw []byte) map[string]string {
	t.Helper()
	text := string(raw)
	if !strings.HasPrefix(text, "BEGIN:VCALENDAR\r\n") || !strings.HasSuffix(text, "END:VCALENDAR\r\n") || strings.Contains(strings.ReplaceAll(text, "\r\n", ""), "\n") {
		t.Fatalf("this is no calendar file: %q", tail(text, 300))
	}
	out := map[string]string{}
	for _, line := range strings.Split(strings.ReplaceAll(text, "\r\n ", ""), "\r\n") {
		if len(line) > 998 {
			t.Errorf("a line is %d bytes long", len(line))
		}
		name, value, _ := strings.Cut(line, ":")
		if _, known := out[name]; !known {
			out[name] = value
		}
	}
	for _, line := range strings.Split(text, "\r\n") {
		if len(line) > 75 {
			t.Errorf("a line is not folded: %q", line)
		}
	}
	return out
}

var utcStart = regexp.MustCompile(`^\d{8}T\d{6}Z$`)

// B8: the calendar file is valid, keeps its name and counts its changes.
func TestB8_CalendarFile(t *testing.T) {
	t.Parallel()
	s := seoul(t)
	who := s.newCitizen(t)
	id := must(s.booked(who, s.machine))(t)
	b := s.open(t, who, view{}).goTo("/bookings/" + id + "/done")
	href := eval[string](b, `() => [...document.querySelectorAll('main a')].map(a => a.getAttribute('href')).find(h => h.includes('.ics'))`)
	raw, h := s.fetch(t, who, href)
	if !strings.HasPrefix(h.Get("Content-Type"), "text/calendar") {
		t.Errorf("it comes as %s", h.Get("Content-Type"))
	}
	first := event(t, raw)
	start, zoned := first["DTSTART;TZID=Asia/Seoul"]
	if !zoned && !utcStart.MatchString(first["DTSTART"]) {
		t.Errorf("it starts at %q %q", start, first["DTSTART"])
	}
	for _, name := range []string{"UID", "DTSTAMP", "SUMMARY", "METHOD", "VERSION", "PRODID"} {
		if first[name] == "" {
			t.Errorf("%s is missing", name)
		}
	}
	version := who.do(t, "GET", "/bookings/"+id, nil)["version"]
	moved, err := s.firstFree(s.machine, func(start time.Time) (object, error) {
		return who.api("PATCH", "/bookings/"+id, object{"starts_at": start.Format(time.RFC3339), "ends_at": start.Add(time.Hour).Format(time.RFC3339), "version": version})
	})
	if err != nil {
		t.Fatal(err)
	}
	raw, _ = s.fetch(t, who, href)
	second := event(t, raw)
	if second["UID"] != first["UID"] || number(t, second["SEQUENCE"]) <= number(t, first["SEQUENCE"]) {
		t.Errorf("after a change: UID %s → %s, SEQUENCE %s → %s", first["UID"], second["UID"], first["SEQUENCE"], second["SEQUENCE"])
	}
	who.do(t, "POST", "/bookings/"+id+"/cancel", object{"version": moved["version"]})
	raw, _ = s.fetch(t, who, href)
	third := event(t, raw)
	if third["METHOD"] != "CANCEL" || third["STATUS"] != "CANCELLED" || third["UID"] != first["UID"] || number(t, third["SEQUENCE"]) <= number(t, second["SEQUENCE"]) {
		t.Errorf("after a cancel: %v", third)
	}
}

func number(t testing.TB, s string) int {
	t.Helper()
	if s == "" {
		return 0
	}
	n, err := strconv.Atoi(s)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// code is the QR code that a tab shows, read from the picture of its screen.
func (b *tab) code() (picture image.Image, text string) {
	b.t.Helper()
	box := eval[struct{ X, Y, W, H float64 }](b, `() => {
    const q = [...document.querySelectorAll('main svg')].filter(e => e.checkVisibility()).map(e => e.getBoundingClientRect()).find(r => r.width >= 100);
    return q ? {X: q.x + scrollX, Y: q.y + scrollY, W: q.width, H: q.height} : {X: 0, Y: 0, W: 0, H: 0}; }`)
	if box.W < 200 {
		b.fail("the code is %v px wide", box.W)
	}
	beyond := true
	raw := call(b, page.CaptureScreenshot, page.CaptureScreenshotParams{CaptureBeyondViewport: &beyond,
		Clip: &page.Viewport{X: box.X - 8, Y: box.Y - 8, Width: box.W + 16, Height: box.H + 16, Scale: 1}}).Data
	picture, err := png.Decode(bytes.NewReader(raw))
	b.try(err)
	bitmap, err := gozxing.NewBinaryBitmapFromImage(picture)
	b.try(err)
	found, err := qrcode.NewQRCodeReader().Decode(bitmap, map[gozxing.DecodeHintType]any{gozxing.DecodeHintType_TRY_HARDER: true})
	if err != nil {
		b.fail("the picture shows no code: %v", err)
	}
	return picture, found.GetText()
}

// B9: the code on the done page can be read from the screen, on both screens,
// and leads to the booking.
func TestB9_CodeCanBeReadFromTheScreen(t *testing.T) {
	t.Parallel()
	s := seoul(t)
	who := s.newCitizen(t)
	id := must(s.booked(who, s.machine))(t)
	for _, contrast := range []bool{false, true} {
		for _, path := range []string{"/bookings/" + id + "/done", "/bookings/" + id + "/qr", "/bookings/" + id} {
			b := s.open(t, who, view{contrast: contrast}).goTo(path)
			_, link := b.code()
			if !strings.HasPrefix(link, s.base+"/") {
				t.Fatalf("%s holds %q", path, link)
			}
			if b.goTo(link); b.path() != "/bookings/"+id {
				t.Errorf("%s leads to %s", link, b.path())
			}
		}
	}
}

// B9: the camera at the desk reads the code and one press checks in.
func TestB9_CameraChecksIn(t *testing.T) {
	s := ownSeoul(t)
	who := s.newCitizen(t)
	made := s.arriving(t, who)
	id := text(made, "id")
	picture, _ := s.open(t, who, view{}).goTo("/bookings/" + id + "/qr").code()
	showCamera(t, picture)
	b := s.open(t, s.staff, view{width: 1280}).goTo("/desk/" + s.center + "/scan")
	b.leaving(func() { b.press("#scan-start", "") })
	b.see("h2", who.name)
	b.follow("#go", "입실 확인")
	if now := who.bookings(t); len(now) != 1 || text(now[0], "status") != "checked_in" {
		t.Errorf("the booking is %v", now)
	}
}

// camera is the film that the browser takes for its camera.
func camera() string { return filepath.Join(scratch, "camera.mjpeg") }

// showCamera lets the camera see a picture, in the middle of a sheet.
func showCamera(t testing.TB, picture image.Image) {
	t.Helper()
	sheet := image.NewRGBA(image.Rect(0, 0, 640, 480))
	for i := range sheet.Pix {
		sheet.Pix[i] = 0xff
	}
	at := image.Pt((640-picture.Bounds().Dx())/2, (480-picture.Bounds().Dy())/2)
	for y := range picture.Bounds().Dy() {
		for x := range picture.Bounds().Dx() {
			sheet.Set(at.X+x, at.Y+y, picture.At(picture.Bounds().Min.X+x, picture.Bounds().Min.Y+y))
		}
	}
	var film bytes.Buffer
	for range 4 {
		if err := jpeg.Encode(&film, sheet, nil); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.WriteFile(camera(), film.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
}
