package api

import (
	"net/http"

	"github.com/gin-gonic/gin"

	"gongbang/survey"
)

type commentsQuery struct {
	Center string `query:"center" validate:"max=128"`
	From   month  `query:"from"`
	To     month  `query:"to"`
	Text   string `query:"q" validate:"max=100"`
	Tag    string `query:"tag" validate:"max=32"`
	Entry  string `query:"entry" validate:"omitempty,oneof=qr counter"`
}

// comments shows what people wrote in closed months, in the order of random ids.
func (a *API) comments(c *call, in *commentsQuery) error {
	found, err := a.Surveys.Comments(c.ctx(), c.actor, survey.CommentsQuery{Center: in.Center, From: string(in.From), To: string(in.To),
		Text: in.Text, Tag: in.Tag, Entry: survey.Entry(in.Entry)})
	if err != nil {
		return err
	}
	tags := []gin.H{}
	for _, t := range survey.CommentTags() {
		tags = append(tags, gin.H{"key": t.Key, "label": t.Text, "n": found.Tags[t.Key]})
	}
	return c.show(http.StatusOK, gin.H{"items": each(found.Items, commentJSON), "found": found.Found, "answers": found.Answers,
		"left_out": found.LeftOut, "newest": found.Newest, "tags": tags})
}

type tagsBody struct {
	Tags []string `json:"tags" validate:"required,max=20,dive,max=32"`
}

// setTags replaces what a comment is marked with.
func (a *API) setTags(c *call, in *tagsBody) error {
	v, err := a.Surveys.SetTags(c.ctx(), c.actor, c.id(), in.Tags)
	if err != nil {
		return err
	}
	return c.show(http.StatusOK, commentJSON(v))
}

// commentJSON tells neither the month nor the center: a list is about those
// that were asked for.
func commentJSON(v survey.Comment) gin.H {
	return gin.H{"id": v.ID, "text": v.Text, "tags": append([]string{}, v.Tags...)}
}
