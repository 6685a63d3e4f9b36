package main

import (
	"fmt"
	"net"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"time"
)

// prefix starts the name of every setting in the environment.
const prefix = "GONGBANG_"

// Config holds every setting. Flags of serve, the reading of the environment,
// `gongbang help settings` and the tables of both READMEs are made from its tags:
// allowed completes "allowed is …"; secret keeps a value out of error
// sentences; noflag keeps it off the command line, which other users can read.
type Config struct {
	Addr           hostPort  `name:"ADDR" default:"127.0.0.1:8080" allowed:"host:port with a port from 0 to 65535, such as 127.0.0.1:8080" en:"where the server listens" ko:"서버가 듣는 주소"`
	Data           text      `name:"DATA" default:"./data" allowed:"the path of a folder" en:"folder of the SQLite file, key, backups and dev mailbox" ko:"SQLite 파일, 키, 백업, 개발용 우편함이 있는 폴더"`
	DatabaseURL    pgURL     `name:"DATABASE_URL" shown:"(SQLite in the data folder)" allowed:"postgres://user:password@host:port/name" secret:"yes" en:"PostgreSQL, for several nodes" ko:"여러 서버가 함께 쓸 PostgreSQL"`
	RedisURL       redisURLs `name:"REDIS_URL" shown:"(locks inside the process)" allowed:"redis://, rediss:// or unix:// addresses separated by commas" secret:"yes" en:"locks shared by several nodes; several addresses are a cluster" ko:"여러 서버가 함께 쓸 잠금. 주소가 여럿이면 클러스터"`
	KeyFile        text      `name:"KEY_FILE" shown:"DATA/server.key" allowed:"the path of a file" en:"32 bytes in hexadecimal, made at the first start with mode 0600; the same on all nodes; a second line is the previous key; not in backups" ko:"16진수로 적은 32바이트. 처음 시작할 때 0600 권한으로 만들며 모든 서버가 같아야 함. 둘째 줄은 이전 키. 백업에 들어가지 않음"`
	PublicURL      httpURL   `name:"PUBLIC_URL" shown:"http://ADDR" allowed:"http:// or https:// with a host" en:"for links; https makes cookies Secure" ko:"링크에 쓰는 주소. https이면 쿠키가 Secure"`
	SMTPURL        smtpURL   `name:"SMTP_URL" shown:"(none)" allowed:"smtp://user:pass@host:port or smtps://…" secret:"yes" en:"mail server" ko:"메일 서버"`
	SMSURL         httpURL   `name:"SMS_URL" shown:"(none)" allowed:"http(s)://user:secret@host/path" secret:"yes" en:"HTTP gateway for text messages: JSON by POST, signed with HMAC" ko:"문자 게이트웨이. JSON을 POST로 보내고 HMAC으로 서명"`
	DevMailbox     onOff     `name:"DEV_MAILBOX" default:"off" shown:"off (on with --demo)" allowed:"on or off" en:"each message becomes one JSON line in DATA/messages.jsonl; with neither mailbox nor gateway messages wait" ko:"메시지를 DATA/messages.jsonl에 JSON 한 줄씩 기록. 우편함도 게이트웨이도 없으면 메시지는 대기"`
	SurveyDelay    span      `name:"SURVEY_DELAY" default:"2h" allowed:"a duration from 0s, such as 0s, 90m or 2h" en:"from the end of use to the invitation" ko:"이용이 끝난 뒤 설문 안내까지의 시간"`
	SurveyWindow   window    `name:"SURVEY_WINDOW" default:"09:00-20:00" allowed:"HH:MM-HH:MM within one day, or always" en:"invitations leave only then; always switches off hours, weekdays and holidays" ko:"설문 안내를 보내는 시간대. always는 시간·요일·공휴일 제한을 끔"`
	SurveyShare    shares    `name:"SURVEY_SHARE" default:"all" allowed:"all, or percent by rule (use, not-used, training, yearly), such as not-used=50,yearly=25" en:"share of each rule's events that is asked about; a keyed hash decides" ko:"규칙마다 설문을 보내는 비율. 키를 쓴 해시로 정함"`
	JobsEvery      tickSpan  `name:"JOBS_EVERY" default:"1m" allowed:"a duration of at least 1s, such as 1s, 30s or 1m" en:"how often the jobs tick" ko:"작업이 도는 간격"`
	RateLimit      onOff     `name:"RATE_LIMIT" default:"on" allowed:"on or off" en:"off for load tests; on: signed-in calls per account, anonymous calls per address" ko:"부하 시험에서만 off. on이면 로그인한 호출은 계정마다, 아니면 주소마다 제한"`
	Streams        count     `name:"STREAMS" default:"2000" allowed:"a whole number from 1 to 1000000" en:"open event streams; more get 503 and poll" ko:"열린 이벤트 스트림 수. 넘으면 503을 받고 주기적으로 조회"`
	TrustedProxies networks  `name:"TRUSTED_PROXIES" shown:"(none)" allowed:"addresses or networks separated by commas, such as 10.0.0.1 or 10.0.0.0/8" en:"whose X-Forwarded-For is believed" ko:"X-Forwarded-For를 믿을 프록시"`
	Log            logLevel  `name:"LOG" default:"info" allowed:"debug, info, warn or error" en:"level of the log, JSON lines" ko:"로그 수준. JSON 한 줄씩"`
	AdminPassword  secret    `name:"ADMIN_PASSWORD" shown:"(none)" allowed:"at least 8 characters" secret:"yes" noflag:"yes" en:"makes the first admin, admin@localhost, if there is none; never resets one" ko:"관리자가 없을 때 첫 관리자 admin@localhost를 만듦. 있는 비밀번호를 바꾸지 않음"`
	Clock          shift     `name:"CLOCK" shown:"(none)" allowed:"a shift forward such as +40d or +36h, or back such as -2h" en:"shifts the program's clock, for tests; refused unless the dev mailbox is on" ko:"시험용으로 프로그램의 시계를 옮김. 개발용 우편함이 켜져 있어야 함"`
}

// value is one setting's type: set takes a text and tells whether it is allowed.
type value interface{ set(s string) bool }

// setting is one field of Config with what its tags say.
type setting struct {
	Name    string // in the environment
	Flag    string // of serve, without dashes; "" where there is none
	Default string
	Shown   string // the default as people read it
	Allowed string
	En, Ko  string
	secret  bool
	value   value
}

// settings lists the fields of c in order; their values point into c.
func settings(c *Config) []setting {
	v := reflect.ValueOf(c).Elem()
	list := make([]setting, 0, v.NumField())
	for i := range v.NumField() {
		tag := v.Type().Field(i).Tag
		s := setting{
			Name: prefix + tag.Get("name"), Default: tag.Get("default"), Shown: tag.Get("shown"),
			Allowed: tag.Get("allowed"), En: tag.Get("en"), Ko: tag.Get("ko"),
			secret: tag.Get("secret") != "", value: v.Field(i).Addr().Interface().(value),
		}
		if tag.Get("noflag") == "" {
			s.Flag = strings.ToLower(strings.ReplaceAll(tag.Get("name"), "_", "-"))
		}
		if s.Shown == "" {
			s.Shown = s.Default
		}
		list = append(list, s)
	}
	return list
}

// set applies a text; as is the name that the caller used for the setting.
func (s setting) set(as, text string) error {
	if s.value.set(text) {
		return nil
	}
	if s.secret {
		text = "…" // a mistyped password must not end up in a log
	}
	return fmt.Errorf("%s is %q; allowed is %s", as, text, s.Allowed)
}

// loadConfig reads the environment, then the flags given to serve (name
// without dashes → text), and completes what depends on other settings.
func loadConfig(env []string, flags map[string]string, demo bool) (*Config, error) {
	c := &Config{}
	given, err := fromEnvironment(env)
	if err != nil {
		return nil, err
	}
	for _, s := range settings(c) {
		as, text := s.Name, s.Default
		if s.Name == prefix+"DEV_MAILBOX" && demo {
			text = "on"
		}
		if t, ok := given[s.Name]; ok && t != "" {
			text = t
		}
		if t, ok := flags[s.Flag]; ok && s.Flag != "" {
			as, text = "--"+s.Flag, t
		}
		if text == "" && as == s.Name {
			continue
		}
		if err := s.set(as, text); err != nil {
			return nil, err
		}
	}
	return c, c.complete()
}

func fromEnvironment(env []string) (map[string]string, error) {
	known, given := map[string]bool{}, map[string]string{}
	for _, s := range settings(&Config{}) {
		known[s.Name] = true
	}
	var unknown []string
	for _, e := range env {
		name, text, _ := strings.Cut(e, "=")
		switch {
		case !strings.HasPrefix(name, prefix):
		case known[name]:
			given[name] = text
		default:
			unknown = append(unknown, name)
		}
	}
	if len(unknown) > 0 {
		slices.Sort(unknown)
		return nil, fmt.Errorf("there is no setting %s; `gongbang help settings` lists all", strings.Join(unknown, ", "))
	}
	return given, nil
}

// complete fills what depends on other settings and refuses what does not go together.
func (c *Config) complete() error {
	if c.KeyFile == "" {
		c.KeyFile = text(filepath.Join(string(c.Data), "server.key"))
	}
	if c.PublicURL == "" {
		c.PublicURL = httpURL("http://" + string(c.Addr))
	}
	c.PublicURL = httpURL(strings.TrimRight(string(c.PublicURL), "/"))
	if c.Clock != 0 && !bool(c.DevMailbox) {
		return fmt.Errorf("%sCLOCK is set; it is allowed only with %sDEV_MAILBOX=on, because real people would get messages about times that are not now", prefix, prefix)
	}
	return nil
}

// now is the program's clock, shifted as the settings say.
func (c *Config) now() time.Time { return time.Now().Add(time.Duration(c.Clock)) }

// loopback tells whether only this machine can reach the address.
func (c *Config) loopback() bool {
	host, _, err := net.SplitHostPort(string(c.Addr))
	if err != nil {
		return false
	}
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}

func (c *Config) databaseFile() string { return filepath.Join(string(c.Data), "gongbang.db") }
func (c *Config) mailboxFile() string  { return filepath.Join(string(c.Data), "messages.jsonl") }
