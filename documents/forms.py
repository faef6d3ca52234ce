"""The form by which a paper enters the file."""

from django import forms
from django.utils.translation import gettext_lazy as _

from bureau.wording import Form
from documents.models import Material


class MaterialForm(Form):
    """One scan with its kind and name."""

    kind = forms.ChoiceField(label=_("材料种类"), choices=Material.Kind.choices)
    title = forms.CharField(label=_("名称"), max_length=200, required=False, help_text=_("不填则用种类名"))
    upload = forms.FileField(label=_("扫描件"), help_text=_("PDF、PNG、JPEG、TIFF，不超过20 MB"))
