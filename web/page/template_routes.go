package page

import "gongbang/account"

// templateRoutes are the rows of the pages by which questionnaires are edited:
// all centers ask the same.
func (p *pages) templateRoutes() []route {
	const edit, draft = account.SurveyEdit, "/manage/surveys/:key/drafts/:no"
	return []route{
		{get, "/manage/surveys", edit, somewhere, "template.list", p.templateList},
		{post, "/manage/surveys", edit, somewhere, "template.create", p.templateCreate},
		{get, "/manage/surveys/:key", edit, somewhere, "template.history", p.templateHistory},
		{post, "/manage/surveys/:key", edit, somewhere, "template.next", p.templateNext},
		{get, "/manage/surveys/:key/versions/:no", edit, somewhere, "template.preview", p.templatePreview},
		{get, draft, edit, somewhere, "template.draft", p.templateDraft},
		{post, draft, edit, somewhere, "template.save", p.templateSave},
		{post, draft + "/drop", edit, somewhere, "template.drop", p.templateDrop},
	}
}
