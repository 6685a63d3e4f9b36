package api

import (
	"encoding/json"
	"net/http"
	"strconv"
	"time"

	"github.com/gin-gonic/gin"

	"gongbang/internal/fault"
	"gongbang/internal/lang"
	"gongbang/survey"
)

type textBody struct {
	Ko string `json:"ko" validate:"max=2000"`
	En string `json:"en" validate:"max=2000"`
}

func (t textBody) text() lang.Text { return lang.Text{Ko: t.Ko, En: t.En} }

type newTemplateBody struct {
	Key   string   `json:"key" validate:"required,max=40"`
	Title textBody `json:"title"`
	Mode  string   `json:"mode" validate:"omitempty,oneof=anonymous confidential identified"`
}

type optionBody struct {
	Value any      `json:"value"`
	Text  textBody `json:"text"`
}

type showIfBody struct {
	Question string `json:"question" validate:"required,max=40"`
	Values   []any  `json:"values" validate:"required,min=1,max=50"`
}

type questionBody struct {
	Key      string       `json:"key" validate:"required,max=40"`
	Type     string       `json:"type" validate:"required,oneof=sat5 agree5 single multi nps text"`
	Required bool         `json:"required"`
	NA       bool         `json:"na"`
	Max      int          `json:"max"`
	Text     textBody     `json:"text"`
	Options  []optionBody `json:"options" validate:"max=50,dive"`
	ShowIf   *showIfBody  `json:"show_if"`
}

type draftBody struct {
	Revision  int            `json:"revision" validate:"min=0"`
	Mode      string         `json:"mode" validate:"required,oneof=anonymous confidential identified"`
	Title     textBody       `json:"title"`
	Intro     textBody       `json:"intro"`
	Questions []questionBody `json:"questions" validate:"required,max=50,dive"`
}

type releaseBody struct {
	Revision  int   `json:"revision" validate:"min=0"`
	Continues *bool `json:"continues" validate:"required"`
}

func (a *API) templates(c *call) error {
	list, err := a.Surveys.Questionnaires(c.ctx(), c.actor)
	if err != nil {
		return err
	}
	zone, err := a.zone(c.ctx())
	if err != nil {
		return err
	}
	return c.list(each(list, func(q survey.Questionnaire) gin.H {
		h := gin.H{"key": q.Key, "newest": nil, "draft": nil}
		if q.Newest != nil {
			h["newest"] = editionHead(*q.Newest, zone)
		}
		if q.Draft != nil {
			h["draft"] = editionHead(*q.Draft, zone)
		}
		return h
	}), "")
}

func (a *API) template(c *call) error {
	all, err := a.Surveys.History(c.ctx(), c.actor, c.Param("key"))
	if err != nil {
		return err
	}
	zone, err := a.zone(c.ctx())
	if err != nil {
		return err
	}
	return c.list(each(all, func(e survey.Edition) gin.H { return editionJSON(e, zone) }), "")
}

func (a *API) newTemplate(c *call, in *newTemplateBody) error {
	once, err := c.once()
	if err != nil {
		return err
	}
	e, again, err := a.Surveys.Create(c.ctx(), c.actor, survey.NewTemplate{Key: in.Key, Title: in.Title.text(), Mode: in.Mode, Once: once})
	c.replayed(again)
	return a.edition(c, http.StatusCreated, e, err)
}

func (a *API) newVersion(c *call) error {
	once, err := c.once()
	if err != nil {
		return err
	}
	e, again, err := a.Surveys.NextVersion(c.ctx(), c.actor, c.Param("key"), once)
	c.replayed(again)
	return a.edition(c, http.StatusCreated, e, err)
}

func (a *API) version(c *call) error {
	no, err := c.versionNo()
	if err != nil {
		return err
	}
	e, err := a.Surveys.Edition(c.ctx(), c.actor, c.Param("key"), no)
	return a.edition(c, http.StatusOK, e, err)
}

func (a *API) saveDraft(c *call, in *draftBody) error {
	no, err := c.versionNo()
	if err != nil {
		return err
	}
	d := survey.Draft{Revision: in.Revision, Template: survey.Template{Key: c.Param("key"), Version: no, Mode: in.Mode, Title: in.Title.text(), Intro: in.Intro.text()}}
	for _, q := range in.Questions {
		d.Questions = append(d.Questions, q.question())
	}
	e, err := a.Surveys.SaveDraft(c.ctx(), c.actor, d)
	return a.edition(c, http.StatusOK, e, err)
}

func (q questionBody) question() survey.Question {
	out := survey.Question{Key: q.Key, Type: survey.Type(q.Type), Required: q.Required, NA: q.NA, Max: q.Max, Text: q.Text.text()}
	for _, o := range q.Options {
		out.Options = append(out.Options, survey.Option{Value: optionValue(o.Value), Text: o.Text.text()})
	}
	if q.ShowIf != nil {
		out.ShowIf = &survey.ShowIf{Question: q.ShowIf.Question}
		for _, v := range q.ShowIf.Values {
			out.ShowIf.Values = append(out.ShowIf.Values, optionValue(v))
		}
	}
	return out
}

// optionValue is a whole number as the survey counts with it.
func optionValue(v any) any {
	if n, ok := v.(json.Number); ok {
		if i, err := strconv.Atoi(string(n)); err == nil {
			return i
		}
	}
	return v
}

func (a *API) dropDraft(c *call) error {
	no, err := c.versionNo()
	if err == nil {
		err = a.Surveys.DropDraft(c.ctx(), c.actor, c.Param("key"), no)
	}
	if err != nil {
		return err
	}
	c.Status(http.StatusNoContent)
	return nil
}

func (a *API) publishVersion(c *call, in *releaseBody) error {
	no, err := c.versionNo()
	if err != nil {
		return err
	}
	e, err := a.Surveys.PublishDraft(c.ctx(), c.actor, survey.Release{Key: c.Param("key"), Version: no, Revision: in.Revision, Continues: *in.Continues})
	return a.edition(c, http.StatusOK, e, err)
}

// versionNo is the :no of the path; what is no number is no version.
func (c *call) versionNo() (int, error) {
	no, err := strconv.ParseUint(c.Param("no"), 10, 31)
	if err != nil {
		return 0, fault.ErrNotFound
	}
	return int(no), nil
}

// once is the request's idempotency key as the survey takes it.
func (c *call) once() (*survey.Key, error) {
	k, err := c.key()
	if k == nil || err != nil {
		return nil, err
	}
	return &survey.Key{Caller: k.Caller, Value: k.Value, Body: k.Body}, nil
}

func (a *API) edition(c *call, status int, e survey.Edition, err error) error {
	if err != nil {
		return err
	}
	zone, err := a.zone(c.ctx())
	if err != nil {
		return err
	}
	return c.show(status, editionJSON(e, zone))
}

// editionHead is a version in a list of questionnaires.
func editionHead(e survey.Edition, zone *time.Location) gin.H {
	h := gin.H{"version": e.Version, "state": "published", "mode": e.Mode, "title": e.Title, "series": e.Series(), "revision": nil, "at": stamp(e.At, zone)}
	if e.Draft {
		h["state"], h["revision"] = "draft", e.Revision
	}
	return h
}

func editionJSON(e survey.Edition, zone *time.Location) gin.H {
	h := editionHead(e, zone)
	h["key"], h["continues"], h["intro"], h["anonymity"] = e.Key, e.Continues, e.Intro, e.Anonymity
	h["questions"] = each(e.Questions, func(q survey.Question) survey.Question { return q })
	h["changes"] = each(e.Changes, func(c survey.Difference) survey.Difference { return c })
	h["breaks"] = e.Breaks()
	h["warnings"] = each(e.Warnings, func(w survey.Warning) survey.Warning { return w })
	return h
}
