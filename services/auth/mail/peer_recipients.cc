#include "services/auth/mail/peer_recipients.h"

#include <usher/internal/v1/company_description.grpc.pb.h>
#include <usher/internal/v1/user.grpc.pb.h>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "common/status/try.h"

namespace usher::auth {

absl::StatusOr<std::optional<Recipient>> PeerRecipients::FindRecipient(const CallContext& call,
                                                                       const CompanyId& company,
                                                                       const UserId& user) {
  using Internal = ::usher::internal::v1::UserInternal;
  ::usher::internal::v1::DescribeProfileRequest request;
  request.set_company_id(company.value());
  request.set_user_id(user.value());
  ASSIGN_OR_RETURN(
      const auto reply,
      user_.Call<Internal>(rpc::Effect::kReads, call, &Internal::Stub::describeProfile, request));
  if (!reply.found()) return std::optional<Recipient>();
  Recipient recipient;
  recipient.email = reply.email();
  recipient.name = std::string(
      absl::StripAsciiWhitespace(absl::StrCat(reply.firstname(), " ", reply.lastname())));
  recipient.language = reply.ui_language();
  return std::optional<Recipient>(std::move(recipient));
}

absl::StatusOr<std::optional<std::string>> PeerRecipients::FindTitle(const CallContext& call,
                                                                     const CompanyId& company) {
  using Internal = ::usher::internal::v1::CompanyDescriptions;
  ::usher::internal::v1::DescribeCompanyRequest request;
  request.set_company_id(company.value());
  ASSIGN_OR_RETURN(const auto reply,
                   company_.Call<Internal>(rpc::Effect::kReads, call,
                                           &Internal::Stub::describeCompany, request));
  if (!reply.found()) return std::optional<std::string>();
  return std::optional<std::string>(reply.branding_title().empty() ? reply.display_name()
                                                                   : reply.branding_title());
}

}  // namespace usher::auth
