package page

import (
	"bytes"
	"image"
	_ "image/jpeg" // frames of a camera
	_ "image/png"  // and a saved picture of a code
	"io"
	"mime"
	"net/http"
	"net/url"

	"github.com/makiuchi-d/gozxing"
	"github.com/makiuchi-d/gozxing/qrcode"

	"gongbang/internal/fault"
	"gongbang/web/edge"
)

// scanView shows what the camera sees; the script sends frames.
type scanView struct {
	deskView
	Action string
}

// deskScan is the page with the camera. Browsers read codes themselves only on
// some systems, so the frames are read here.
func (p *pages) deskScan(r *request) error {
	d, err := r.desk("desk.scan.title")
	if err != nil {
		return err
	}
	return r.page(http.StatusOK, "desk_scan", &scanView{deskView: d, Action: d.Go("/scan")})
}

// mostPixels bounds what a frame unpacks to: a small file can claim to be a huge picture.
const mostPixels = 4 << 20

// scanned is what a frame's code leads to.
type scanned struct {
	To string `json:"to"`
}

// deskReadCode reads a frame: 204 where it shows no code, else where to go.
func (p *pages) deskReadCode(r *request) error {
	kind, _, err := mime.ParseMediaType(r.GetHeader("Content-Type"))
	if err != nil || kind != "image/jpeg" && kind != "image/png" {
		return fault.New(fault.MediaType, "unsupported_media_type")
	}
	raw, err := io.ReadAll(io.LimitReader(r.Request.Body, edge.MaxBody+1))
	if err != nil || len(raw) > edge.MaxBody {
		return fault.New(fault.TooLarge, "too_large")
	}
	code, err := readQR(raw)
	if err != nil {
		return fault.New(fault.BadRequest, "bad_request").Because(err)
	}
	if code == "" {
		r.Status(http.StatusNoContent)
		return nil
	}
	r.JSON(http.StatusOK, scanned{r.url(deskBase(r.Param("center")) + "/find?q=" + url.QueryEscape(code))})
	return nil
}

// readQR is the text of the QR code in a picture; "" where there is none to read.
func readQR(raw []byte) (string, error) {
	head, _, err := image.DecodeConfig(bytes.NewReader(raw))
	if err != nil {
		return "", err
	}
	if head.Width <= 0 || head.Height <= 0 || head.Width*head.Height > mostPixels {
		return "", fault.New(fault.TooLarge, "too_large")
	}
	picture, _, err := image.Decode(bytes.NewReader(raw))
	if err != nil {
		return "", err
	}
	bitmap, err := gozxing.NewBinaryBitmapFromImage(picture)
	if err != nil {
		return "", err
	}
	hints := map[gozxing.DecodeHintType]any{gozxing.DecodeHintType_TRY_HARDER: true}
	found, err := qrcode.NewQRCodeReader().Decode(bitmap, hints)
	if err != nil {
		return "", nil // no code in this frame; the next one may show it
	}
	if text := found.GetText(); len(text) <= 200 {
		return text, nil
	}
	return "", nil
}
