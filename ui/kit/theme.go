package kit

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/theme"

	"guitai/assets"
)

// Colour names a colour by what it is for. What it looks like depends on the palette in use.
type Colour uint8

// The colours. Clear draws nothing.
const (
	Clear       Colour = iota
	Bg                 // page
	Surface            // cards, keys, bars
	Sunken             // quiet buttons, notes, inactive steps
	Divider            // dividers, decoration only
	Outline            // edges of controls
	Ink                // text
	Ink2               // secondary text
	Ink3               // small print
	Accent             // main action, selection, success
	OnAccent           // text on it
	AccentPress        // the main action while pressed
	AccentTint         // selected row, waiting
	Warn               // attention, unknown, offline
	WarnTint           // ground of a warning
	WarnFill           // badge of an unknown result
	OnWarnFill         // text on it
	Danger             // failed, frozen, reverse
	DangerTint         // ground of a failure
	OnDanger           // text on danger
	Total              // ground of the total block
	OnTotal            // text on it
	OnTotal2           // secondary text on it
	TotalOk            // change, progress
	TotalWarn          // a hint in the total block
	TotalLine          // dividers in the total block
	Chart              // bars
	Chart2             // bars of the other period
	ChartBad           // bars of failures
	White              // the ground of a payment code in any palette
	Black              // its modules
	Scrim              // what lies over the page behind the menu
	TileBlue           // grounds of tiles
	TileGreen
	TileOrange
	TileRed
	TilePurple
	TileGrey
	BandBlue // the stripes of these tiles
	BandGreen
	BandOrange
	BandRed
	BandPurple
	BandGrey
	colours
)

// A Palette gives every Colour its value.
type Palette struct {
	Dark   bool
	values [colours]color.NRGBA
}

// Of returns the value of c.
func (p *Palette) Of(c Colour) color.NRGBA {
	if c >= colours {
		return color.NRGBA{}
	}
	return p.values[c]
}

func rgb(v uint32) color.NRGBA {
	return color.NRGBA{R: uint8(v >> 16), G: uint8(v >> 8), B: uint8(v), A: 255}
}

var light = Palette{values: [colours]color.NRGBA{
	Bg: rgb(0xF1F4F3), Surface: rgb(0xFFFFFF), Sunken: rgb(0xE6EBE9), Divider: rgb(0xD3DAD7), Outline: rgb(0x7A8682),
	Ink: rgb(0x0F1C1A), Ink2: rgb(0x3F4D49), Ink3: rgb(0x5A6864),
	Accent: rgb(0x00696B), OnAccent: rgb(0xFFFFFF), AccentPress: rgb(0x004E50), AccentTint: rgb(0xD8EEEB),
	Warn: rgb(0x7F4600), WarnTint: rgb(0xFFF0D0), WarnFill: rgb(0xF5B942), OnWarnFill: rgb(0x241500),
	Danger: rgb(0xB3261E), DangerTint: rgb(0xFCE4E0), OnDanger: rgb(0xFFFFFF),
	Total: rgb(0x0F1C1A), OnTotal: rgb(0xFFFFFF), OnTotal2: rgb(0xB4C4BF),
	TotalOk: rgb(0x6FD8CE), TotalWarn: rgb(0xF5B942), TotalLine: rgb(0x33433F),
	Chart: rgb(0x5BA3A1), Chart2: rgb(0xA9B3AF), ChartBad: rgb(0xCF6A62),
	White: rgb(0xFFFFFF), Black: rgb(0x000000), Scrim: {R: 0x0F, G: 0x1C, B: 0x1A, A: 115},
	TileBlue: rgb(0xDCE8F9), TileGreen: rgb(0xD9EEE1), TileOrange: rgb(0xF8E6D8), TileRed: rgb(0xF7DEE2), TilePurple: rgb(0xE6E3F8), TileGrey: rgb(0xE2E6E5),
	BandBlue: rgb(0x1668DC), BandGreen: rgb(0x06803F), BandOrange: rgb(0xB8500A), BandRed: rgb(0xC01C30), BandPurple: rgb(0x5546C8), BandGrey: rgb(0x3F4D49),
}}

var dark = Palette{Dark: true, values: [colours]color.NRGBA{
	Bg: rgb(0x0C1312), Surface: rgb(0x16201E), Sunken: rgb(0x22302D), Divider: rgb(0x2D3B38), Outline: rgb(0x7F8F8A),
	Ink: rgb(0xF2F6F4), Ink2: rgb(0xC3CECA), Ink3: rgb(0x98A6A1),
	Accent: rgb(0x48C7BC), OnAccent: rgb(0x03211F), AccentPress: rgb(0x74DAD1), AccentTint: rgb(0x113C39),
	Warn: rgb(0xF5B942), WarnTint: rgb(0x3A2C0E), WarnFill: rgb(0xF5B942), OnWarnFill: rgb(0x241500),
	Danger: rgb(0xFF9385), DangerTint: rgb(0x44211C), OnDanger: rgb(0x2A0703),
	Total: rgb(0x000000), OnTotal: rgb(0xFFFFFF), OnTotal2: rgb(0xAEBEB9),
	TotalOk: rgb(0x6FD8CE), TotalWarn: rgb(0xF5B942), TotalLine: rgb(0x2D3B38),
	Chart: rgb(0x2C8A83), Chart2: rgb(0x4C5B57), ChartBad: rgb(0xB4554B),
	White: rgb(0xFFFFFF), Black: rgb(0x000000), Scrim: {A: 140},
	TileBlue: rgb(0x17304F), TileGreen: rgb(0x113825), TileOrange: rgb(0x44280F), TileRed: rgb(0x471D24), TilePurple: rgb(0x2B2858), TileGrey: rgb(0x2E3937),
	BandBlue: rgb(0x6BA4F5), BandGreen: rgb(0x4FBF85), BandOrange: rgb(0xE89A5E), BandRed: rgb(0xF07F8D), BandPurple: rgb(0xA59BF2), BandGrey: rgb(0x98A6A1),
}}

var palette = &light

// Pal returns the palette in use. Widgets ask for it every time they refresh.
func Pal() *Palette { return palette }

// Light and Dark return the two palettes, for pictures and tests.
func Light() *Palette { return &light }

// Dark returns the palette for dim rooms.
func Dark() *Palette { return &dark }

// SetDark changes the palette of the whole program and redraws what is on the screen. Call it on the goroutine of the
// user interface.
func SetDark(on bool) {
	next := &light
	if on {
		next = &dark
	}
	if next == palette {
		return
	}
	palette = next
	if app := fyne.CurrentApp(); app != nil {
		app.Settings().SetTheme(NewTheme())
	}
}

// Plate colours by the word for a tender. They are the same in both palettes.
var plates = map[string]color.NRGBA{
	"alipay": rgb(0x1668DC), "wechat": rgb(0x06803F), "unionpay": rgb(0xC01C30), "jd": rgb(0x9E1B1B),
	"duxiaoman": rgb(0xB8500A), "paypal": rgb(0x12327F), "stripe": rgb(0x5546C8), "applepay": rgb(0x111111),
}

// PlateColour returns the ground of a tender's letter plate, by "alipay", "wechat", "unionpay", "jd", "duxiaoman",
// "paypal", "stripe" or "applepay"; any other word has that of cash and cards.
func PlateColour(tender string) color.NRGBA {
	if c, ok := plates[tender]; ok {
		return c
	}
	return rgb(0x3F4D49)
}

var scale float32 = 1

// SetScale tells the kit the factor by which the window is scaled, 1 to 3, so that icons keep their stroke. The factor
// itself is set on the toolkit before the program starts.
func SetScale(factor float32) { scale = min(max(factor, 0.5), 4) }

var still bool

// SetReducedMotion turns the flash of a changed line off or on.
func SetReducedMotion(on bool) { still = on }

type look struct{}

// NewTheme returns the theme for fyne.Settings: the fonts of package assets, and the palette in use for the few
// widgets of the toolkit itself. Set it once; SetDark does the rest.
func NewTheme() fyne.Theme { return &look{} }

var (
	regular = fyne.NewStaticResource("NotoSansSC-Regular.otf", assets.Font(assets.SansRegular))
	bold    = fyne.NewStaticResource("NotoSansSC-Bold.otf", assets.Font(assets.SansBold))
)

func (*look) Font(s fyne.TextStyle) fyne.Resource {
	if s.Symbol {
		return theme.DefaultTheme().Font(s)
	}
	if s.Bold {
		return bold
	}
	return regular
}

func (*look) Icon(n fyne.ThemeIconName) fyne.Resource { return theme.DefaultTheme().Icon(n) }

func (*look) Size(n fyne.ThemeSizeName) float32 {
	switch n {
	case theme.SizeNameText:
		return 16
	case theme.SizeNameCaptionText:
		return 14
	case theme.SizeNameSubHeadingText:
		return 18
	case theme.SizeNameHeadingText:
		return 24
	case theme.SizeNameInputRadius, theme.SizeNameSelectionRadius:
		return 10
	case theme.SizeNamePadding:
		return 4
	}
	return theme.DefaultTheme().Size(n)
}

var themeColours = map[fyne.ThemeColorName]Colour{
	theme.ColorNameBackground: Bg, theme.ColorNameButton: Surface, theme.ColorNameDisabled: Ink3,
	theme.ColorNameDisabledButton: Sunken, theme.ColorNameError: Danger, theme.ColorNameFocus: AccentTint,
	theme.ColorNameForeground: Ink, theme.ColorNameForegroundOnError: OnDanger, theme.ColorNameForegroundOnPrimary: OnAccent,
	theme.ColorNameForegroundOnSuccess: OnAccent, theme.ColorNameForegroundOnWarning: OnWarnFill,
	theme.ColorNameHeaderBackground: Surface, theme.ColorNameHover: Sunken, theme.ColorNameHyperlink: Accent,
	theme.ColorNameInputBackground: Surface, theme.ColorNameInputBorder: Outline, theme.ColorNameMenuBackground: Surface,
	theme.ColorNameOverlayBackground: Surface, theme.ColorNamePlaceHolder: Ink3, theme.ColorNamePressed: Sunken,
	theme.ColorNamePrimary: Accent, theme.ColorNameScrollBar: Outline, theme.ColorNameScrollBarBackground: Sunken,
	theme.ColorNameSelection: AccentTint, theme.ColorNameSeparator: Divider, theme.ColorNameShadow: Clear,
	theme.ColorNameSuccess: Accent, theme.ColorNameWarning: Warn,
}

func (*look) Color(n fyne.ThemeColorName, _ fyne.ThemeVariant) color.Color {
	if c, ok := themeColours[n]; ok {
		return palette.Of(c)
	}
	variant := theme.VariantLight
	if palette.Dark {
		variant = theme.VariantDark
	}
	return theme.DefaultTheme().Color(n, variant)
}

// mix lays b over a with the weight w of 0 to 1.
func mix(a, b color.NRGBA, w float32) color.NRGBA {
	if a.A == 0 {
		b.A = uint8(255 * w)
		return b
	}
	f := func(x, y uint8) uint8 { return uint8(float32(x)*(1-w) + float32(y)*w + 0.5) }
	return color.NRGBA{R: f(a.R, b.R), G: f(a.G, b.G), B: f(a.B, b.B), A: a.A}
}
