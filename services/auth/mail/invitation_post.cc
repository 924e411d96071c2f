#include "services/auth/mail/invitation_post.h"

#include <utility>
#include <vector>

#include "common/status/try.h"

namespace usher::auth {

absl::StatusOr<std::optional<MailDraft>> InvitationPost::Write(
    const InvitationMail& invitation) const {
  ASSIGN_OR_RETURN(const std::optional<Page> page,
                   bases_.PageFor("finishSignupURL", invitation.page));
  if (!page.has_value() || !mails_are_sent_) return std::optional<MailDraft>();
  MailDraft draft;
  draft.id = MailId(NewUuid());
  draft.kind = MailKind::kInvitation;
  draft.company = invitation.company;
  draft.user = invitation.user;
  draft.recipient = invitation.email;
  draft.language = invitation.language;
  draft.username = invitation.username;
  draft.good_for = invitation.good_for;
  std::vector<std::pair<std::string, std::string>> values = {
      {"companyId", invitation.company.value()},
      {"activationToken", std::string(invitation.token.Reveal())}};
  if (!invitation.code.empty()) {
    values.emplace_back("code", std::string(invitation.code.Reveal()));
  }
  draft.sealed_link = seal_.Seal(Secret(LinkTo(*page, values)), draft.company, draft.id);
  return std::optional<MailDraft>(std::move(draft));
}

}  // namespace usher::auth
