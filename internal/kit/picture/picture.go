// Package picture measures pictures and makes small ones of them.
package picture

import (
	"image"
	"image/color"
	_ "image/gif" // the formats that are read
	"image/jpeg"
	_ "image/png"
	"io"

	"golang.org/x/image/draw"
	_ "golang.org/x/image/webp"

	"yingda/internal/kit/fault"
)

// MostPixels is the largest picture that is taken: a small file can unpack
// into more memory than there is.
const MostPixels = 50_000_000

// Size is what a picture measures as it is shown.
type Size struct{ Width, Height int }

// Measure reads a picture's head. It is Invalid if there is none to be read,
// and TooLarge if it has more than MostPixels.
func Measure(r io.ReadSeeker) (Size, error) {
	c, _, err := image.DecodeConfig(r)
	if err != nil || c.Width <= 0 || c.Height <= 0 {
		return Size{}, fault.New(fault.Invalid, "file.broken", "this picture is damaged; save it again, or send another").In("file")
	}
	if int64(c.Width)*int64(c.Height) > MostPixels {
		return Size{}, fault.New(fault.TooLarge, "file.pixels", "a picture has at most %d million points; make it smaller", MostPixels/1_000_000).In("file")
	}
	if sideways(r) {
		return Size{c.Height, c.Width}, nil
	}
	return Size{c.Width, c.Height}, nil
}

// one picture is unpacked at a time: each may take 200 MB.
var one = make(chan struct{}, 1)

// Small writes a picture as a JPEG whose sides are at most most, upright and
// on white. Measure must have taken it.
func Small(w io.Writer, r io.ReadSeeker, most int) error {
	one <- struct{}{}
	defer func() { <-one }()
	if _, err := r.Seek(0, io.SeekStart); err != nil {
		return err
	}
	src, _, err := image.Decode(r)
	if err != nil {
		return err
	}
	b := src.Bounds()
	scale := min(1, float64(most)/float64(max(b.Dx(), b.Dy())))
	dst := image.NewRGBA(image.Rect(0, 0, max(1, int(float64(b.Dx())*scale)), max(1, int(float64(b.Dy())*scale))))
	draw.Draw(dst, dst.Bounds(), image.NewUniform(color.White), image.Point{}, draw.Src)
	draw.ApproxBiLinear.Scale(dst, dst.Bounds(), src, b, draw.Over, nil)
	return jpeg.Encode(w, upright(dst, orientation(r)), &jpeg.Options{Quality: 80})
}

// upright turns a picture as a camera says that it was held (Exif 1 to 8).
func upright(m *image.RGBA, how int) image.Image {
	if how < 2 || how > 8 {
		return m
	}
	w, h := m.Rect.Dx(), m.Rect.Dy()
	size := image.Rect(0, 0, w, h)
	if how >= 5 {
		size = image.Rect(0, 0, h, w)
	}
	out := image.NewRGBA(size)
	for y := range h {
		for x := range w {
			to := [...]image.Point{
				2: {w - 1 - x, y}, 3: {w - 1 - x, h - 1 - y}, 4: {x, h - 1 - y},
				5: {y, x}, 6: {h - 1 - y, x}, 7: {h - 1 - y, w - 1 - x}, 8: {y, w - 1 - x},
			}[how]
			out.SetRGBA(to.X, to.Y, m.RGBAAt(x, y))
		}
	}
	return out
}
