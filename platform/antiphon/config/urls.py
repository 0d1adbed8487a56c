"""Where addresses lead."""

from django.contrib import admin
from django.urls import include, path
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView

handler400 = "antiphon.web.error_pages.bad_request"
handler403 = "antiphon.web.error_pages.forbidden"
handler404 = "antiphon.web.error_pages.not_found"
handler500 = "antiphon.web.error_pages.broken"

urlpatterns = [
    path("admin/", admin.site.urls),
    path("accounts/", include("allauth.account.urls")),
    path("api/schema/", SpectacularAPIView.as_view(), name="schema"),
    path("api/docs/", SpectacularSwaggerSplitView.as_view(url_name="schema"), name="api_docs"),
    path("api/v1/", include("antiphon.config.api_urls")),
    path("", include("antiphon.web.urls")),
]
