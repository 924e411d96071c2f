#include "deploy/engines/livekit/http_post.h"

#include <curl/curl.h>

#include <utility>

#include "absl/strings/str_cat.h"
#include "common/base/secret.h"

namespace usher::livekit {
namespace {

CURLcode StartLibrary() {
  static const CURLcode started = curl_global_init(CURL_GLOBAL_DEFAULT);
  return started;
}

// An answer as it comes.
struct Intake {
  size_t largest;
  std::string body;

  static size_t Take(char* bytes, size_t size, size_t count, void* self) {
    auto& intake = *static_cast<Intake*>(self);
    if (intake.body.size() + size * count > intake.largest) return 0;  // breaks it off
    intake.body.append(bytes, size * count);
    return size * count;
  }
};

int GiveUpWhenEnding(void* ending, curl_off_t /*down_total*/, curl_off_t /*down*/,
                     curl_off_t /*up_total*/, curl_off_t /*up*/) {
  const auto* flag = static_cast<const std::atomic<bool>*>(ending);
  return flag != nullptr && flag->load() ? 1 : 0;
}

}  // namespace

absl::StatusOr<std::unique_ptr<HttpPost>> HttpPost::Open(HttpPostOptions options) {
  CURL* const curl = StartLibrary() == CURLE_OK ? curl_easy_init() : nullptr;
  if (curl == nullptr) return absl::InternalError("libcurl does not start");
  return std::unique_ptr<HttpPost>(new HttpPost(std::move(options), curl));
}

HttpPost::~HttpPost() { curl_easy_cleanup(static_cast<CURL*>(curl_)); }

void HttpPost::Prepare() {
  CURL* const curl = static_cast<CURL*>(curl_);
  curl_easy_reset(curl);  // connections stay
  curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "http,https");
  curl_easy_setopt(curl, CURLOPT_PROXY, "");  // whatever the environment says
  curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(curl, CURLOPT_FOLLOWLOCATION, 0L);
  curl_easy_setopt(curl, CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
  if (!options_.ca.empty()) {
    curl_easy_setopt(curl, CURLOPT_CAINFO, options_.ca.c_str());
    curl_easy_setopt(curl, CURLOPT_CAPATH, nullptr);
  }
  const auto longest = static_cast<long>(absl::ToInt64Milliseconds(options_.longest));
  curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS, longest);
  curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT_MS, longest / 2);
  curl_easy_setopt(curl, CURLOPT_NOPROGRESS, 0L);
  curl_easy_setopt(curl, CURLOPT_XFERINFOFUNCTION, &GiveUpWhenEnding);
  curl_easy_setopt(curl, CURLOPT_XFERINFODATA, options_.ending.get());
}

absl::StatusOr<HttpAnswer> HttpPost::Post(const std::string& url, const std::string& authorization,
                                          absl::string_view body) {
  CURL* const curl = static_cast<CURL*>(curl_);
  Prepare();
  Intake intake{options_.largest_answer, {}};
  std::string line = absl::StrCat("Authorization: ", authorization);
  curl_slist* headers = curl_slist_append(nullptr, line.c_str());
  WipeText(line);
  headers = curl_slist_append(headers, "Content-Type: application/json");
  headers = curl_slist_append(headers, "Expect:");
  curl_easy_setopt(curl, CURLOPT_URL, url.c_str());
  curl_easy_setopt(curl, CURLOPT_HTTPHEADER, headers);
  curl_easy_setopt(curl, CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(body.size()));
  curl_easy_setopt(curl, CURLOPT_POSTFIELDS, body.data());
  curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, &Intake::Take);
  curl_easy_setopt(curl, CURLOPT_WRITEDATA, &intake);
  const CURLcode result = curl_easy_perform(curl);
  curl_slist_free_all(headers);
  if (result != CURLE_OK) {
    return absl::UnavailableError(absl::StrCat(url, ": ", curl_easy_strerror(result)));
  }
  HttpAnswer answer;
  curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &answer.code);
  answer.body = std::move(intake.body);
  return answer;
}

}  // namespace usher::livekit
