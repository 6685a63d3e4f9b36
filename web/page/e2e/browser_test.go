package e2e

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/fetch"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"

	"gongbang/internal/testkit"
)

var (
	browserOnce  sync.Once
	browserCtx   context.Context
	browserErr   error
	closeBrowser = func() {}
)

// chromium is the one browser of this run; each tab is in a context of its own.
func chromium(t testing.TB) context.Context {
	t.Helper()
	testkit.Need(t, "chromium")
	browserOnce.Do(func() {
		path, _ := exec.LookPath("chromium")
		options := []chromedp.ExecAllocatorOption{
			chromedp.ExecPath(path), chromedp.UserDataDir(filepath.Join(scratch, "profile")), chromedp.WindowSize(1280, 900),
			chromedp.Headless, chromedp.NoSandbox, chromedp.DisableGPU, chromedp.NoFirstRun, chromedp.NoDefaultBrowserCheck,
			chromedp.Env("LANG=ko_KR.UTF-8", "HOME="+scratch), chromedp.WSURLReadTimeout(patience),
		}
		for _, f := range strings.Fields(`disable-quic disable-background-networking disable-component-update disable-sync disable-extensions disable-default-apps
			disable-breakpad disable-dev-shm-usage disable-hang-monitor disable-renderer-backgrounding disable-background-timer-throttling
			disable-backgrounding-occluded-windows disable-domain-reliability metrics-recording-only hide-scrollbars mute-audio
			use-fake-device-for-media-stream use-fake-ui-for-media-stream`) {
			options = append(options, chromedp.Flag(f, true))
		}
		// Each new tab would start two more pages, for an address bar that nobody sees.
		options = append(options, chromedp.Flag("disable-features", "Translate,MediaRouter,OptimizationHints,WebUIOmniboxPopup,WebUIOmniboxAimPopup"), chromedp.Flag("force-color-profile", "srgb"), chromedp.Flag("lang", "ko-KR"))
		options = append(options, chromedp.Flag("use-file-for-fake-video-capture", camera()))
		allocator, endAllocator := chromedp.NewExecAllocator(context.Background(), options...)
		ctx, end := chromedp.NewContext(allocator)
		browserCtx, browserErr = ctx, chromedp.Do(ctx)
		closeBrowser = func() { end(); endAllocator() }
	})
	if browserErr != nil {
		t.Fatal(browserErr)
	}
	return browserCtx
}

// view is how somebody looks at a page. The zero value is the usual one: a
// phone of 390 px, the page's own size and contrast.
type view struct {
	width    int    // 0: 390
	contrast bool   // 선명한 화면
	size     string // "", s, l, xl, xxl
	noScript bool
	zone     string // of the browser
	locale   string // of the browser
	media    map[string]string
}

// tab is one page of one person in a browser context of its own.
type tab struct {
	t    testing.TB
	ctx  context.Context
	site *site
	who  person
	view view
	log  *record
	// pressed counts what a person pressed since the last reset.
	pressed int
}

// record is what a tab saw beside the page.
type record struct {
	mu       sync.Mutex
	requests []*network.Request
	held     []fetch.RequestID // answers that wait, see heldBack
	sizes    map[string]int64  // of bodies, by address
	headers  map[string]map[string]string
	status   map[string]int64
	problems []string // console errors, exceptions, CSP reports
}

// open opens an empty tab for somebody.
func (s *site) open(t testing.TB, who person, v view) *tab {
	t.Helper()
	if v.width == 0 {
		v.width = 390
	}
	ctx, end := chromedp.NewContext(chromium(t), chromedp.WithNewBrowserContext())
	t.Cleanup(end)
	b := &tab{t: t, ctx: ctx, site: s, who: who, view: v, log: &record{sizes: map[string]int64{}, headers: map[string]map[string]string{}, status: map[string]int64{}}}
	b.try(chromedp.Do(ctx))
	b.try(chromedp.Listen(ctx, b.log.take))
	call(b, network.Enable, network.EnableParams{})
	call(b, log.Enable, cdp.Empty{})
	call(b, runtime.Enable, cdp.Empty{})
	call(b, page.Enable, page.EnableParams{})
	call(b, emulation.SetFocusEmulationEnabled, emulation.SetFocusEmulationEnabledParams{Enabled: true})
	call(b, page.AddScriptToEvaluateOnNewDocument, page.AddScriptToEvaluateOnNewDocumentParams{Source: watcher})
	if rate, err := strconv.ParseFloat(os.Getenv("SLOW"), 64); err == nil {
		call(b, emulation.SetCPUThrottlingRate, emulation.SetCPUThrottlingRateParams{Rate: rate})
	}
	b.wide(v.width)
	if v.zone != "" {
		call(b, emulation.SetTimezoneOverride, emulation.SetTimezoneOverrideParams{TimezoneID: v.zone})
	}
	if v.locale != "" {
		call(b, emulation.SetLocaleOverride, emulation.SetLocaleOverrideParams{Locale: strings.ReplaceAll(v.locale, "-", "_")})
		call(b, network.SetExtraHTTPHeaders, network.SetExtraHTTPHeadersParams{Headers: network.Headers{"Accept-Language": v.locale}})
	}
	if v.noScript {
		call(b, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: true})
	}
	b.emulate(v.media)
	if who.token != "" {
		b.cookie("gongbang", who.token)
	}
	if v.contrast || v.size != "" {
		contrast, size := "normal", v.size
		if v.contrast {
			contrast = "more"
		}
		b.settings(contrast, size)
	}
	return b
}

func (r *record) take(ev any) {
	r.mu.Lock()
	defer r.mu.Unlock()
	switch e := ev.(type) {
	case *network.EventRequestWillBeSent:
		r.requests = append(r.requests, e.Request)
	case *fetch.EventRequestPaused:
		r.held = append(r.held, e.RequestID)
	case *network.EventResponseReceived:
		h := map[string]string{}
		for k, v := range e.Response.Headers {
			if s, ok := v.(string); ok {
				h[strings.ToLower(k)] = s
			}
		}
		r.headers[e.Response.URL], r.status[e.Response.URL] = h, e.Response.Status
	case *runtime.EventExceptionThrown:
		r.problems = append(r.problems, "exception: "+e.ExceptionDetails.Text)
	case *runtime.EventConsoleAPICalled:
		if e.Type == "error" || e.Type == "warning" || e.Type == "assert" {
			r.problems = append(r.problems, "console."+string(e.Type))
		}
	case *log.EventEntryAdded:
		if e.Entry.Level == log.EntryLevelError || e.Entry.Level == log.EntryLevelWarning {
			r.problems = append(r.problems, string(e.Entry.Source)+": "+e.Entry.Text+" "+e.Entry.URL)
		}
	}
}

// wide sets the width of the window, high enough for a phone.
func (b *tab) wide(width int) {
	b.t.Helper()
	height := int64(844)
	if width >= 768 {
		height = 900
	}
	call(b, emulation.SetDeviceMetricsOverride, emulation.SetDeviceMetricsOverrideParams{Width: int64(width), Height: height, DeviceScaleFactor: 1})
}

// emulate sets media features such as forced-colors; "media" is the medium.
func (b *tab) emulate(features map[string]string) {
	b.t.Helper()
	p := emulation.SetEmulatedMediaParams{Media: features["media"]}
	for name, value := range features {
		if name != "media" {
			p.Features = append(p.Features, &emulation.MediaFeature{Name: name, Value: value})
		}
	}
	call(b, emulation.SetEmulatedMedia, p)
}

func (b *tab) cookie(name, value string) {
	b.t.Helper()
	call(b, network.SetCookie, network.SetCookieParams{Name: name, Value: value, URL: b.site.base + "/", Path: "/"})
}

func (b *tab) try(err error) {
	b.t.Helper()
	if err != nil {
		b.t.Fatal(err)
	}
}

// call runs a command of the protocol on the tab.
func call[P, R any](b *tab, cmd cdp.Command[P, R], params P) R {
	b.t.Helper()
	ctx, cancel := context.WithTimeout(b.ctx, patience)
	defer cancel()
	v, err := chromedp.Call(ctx, cmd, params)
	if err != nil {
		b.t.Fatalf("%s: %v", cmd.Method, err)
	}
	return v
}
