// How tests reach a house: channels, tokens.
#include <grpcpp/create_channel.h>
#include <grpcpp/security/credentials.h>

#include <stdexcept>

#include "absl/strings/str_cat.h"
#include "common/base/clock.h"
#include "common/token/token_signer.h"
#include "tests/support/credentials.h"
#include "tests/support/file_content.h"
#include "tests/support/house.h"

namespace usher {

const std::shared_ptr<grpc::Channel>& House::channel(const std::string& server) const {
  return channels_.at(server);
}

std::shared_ptr<grpc::Channel> House::InternalChannel(const std::string& service,
                                                      const std::string& caller) const {
  grpc::SslCredentialsOptions credentials;
  credentials.pem_root_certs = FileContent(CertificateFolder() + "ca.pem");
  credentials.pem_cert_chain = FileContent(absl::StrCat(CertificateFolder(), caller, ".pem"));
  credentials.pem_private_key = FileContent(absl::StrCat(CertificateFolder(), caller, ".key"));
  grpc::ChannelArguments arguments;
  arguments.SetSslTargetNameOverride("usher-" + service);
  return grpc::CreateCustomChannel(Socket(service, "internal"), grpc::SslCredentials(credentials),
                                   arguments);
}

rpc::Peer House::PeerOf(const std::string& service, const std::string& caller) const {
  return rpc::Peer(
      service, Socket(service, "internal"),
      rpc::InternalTls{FileContent(CertificateFolder() + "ca.pem"),
                       FileContent(absl::StrCat(CertificateFolder(), caller, ".pem")),
                       FileContent(absl::StrCat(CertificateFolder(), caller, ".key"))});
}

SignedIn House::SignIn(const Tenant& tenant) {
  return SignIn(tenant.company, tenant.username, tenant.password);
}

SignedIn House::SignIn(const std::string& company, const std::string& username,
                       const std::string& password) {
  grpc::ClientContext context;
  ::authentication::AuthenticationReply reply;
  const grpc::Status status =
      auth_->authenticate(&context, WithPassword(company, username, password), &reply);
  if (!status.ok() || reply.replyinfo().statuscode() != ::common::OK) {
    throw std::runtime_error(absl::StrCat(username, " of ", company,
                                          " cannot sign in: ", status.error_message(),
                                          reply.replyinfo().ShortDebugString()));
  }
  return {reply.accesstoken(), reply.refreshtoken(), reply.userid()};
}

std::string House::Sign(token::AccessToken token) const {
  const SystemClock clock;
  const absl::Time now = clock.Now();
  if (token.session.empty()) token.session = SessionId(NewUuid());
  if (token.token_id.empty()) token.token_id = NewUuid();
  if (token.issued_at == absl::Time()) token.issued_at = now;
  if (token.not_before == absl::Time()) token.not_before = token.issued_at;
  if (token.expires_at == absl::Time()) token.expires_at = token.issued_at + absl::Hours(1);
  return token::TokenSigner(signing_keys_, clock).Sign(token);
}

}  // namespace usher
