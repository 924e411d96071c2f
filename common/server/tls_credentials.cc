#include "common/server/tls_credentials.h"

#include <grpc/grpc_security.h>

#include <string>
#include <utility>

namespace usher::server {
namespace {

// By gRPC's C interface: the C++ one can do this as an experiment only, and leaves it to whoever
// writes the files that certificate and key always fit together (tls_certificate_provider.h).
class ReloadingCredentials final : public grpc::ServerCredentials {
 public:
  explicit ReloadingCredentials(std::shared_ptr<rpc::TlsFiles> files) : files_(std::move(files)) {
    const auto request = files_->current()->ca.empty()
                             ? GRPC_SSL_DONT_REQUEST_CLIENT_CERTIFICATE
                             : GRPC_SSL_REQUEST_AND_REQUIRE_CLIENT_CERTIFICATE_AND_VERIFY;
    credentials_ = grpc_ssl_server_credentials_create_with_options(
        grpc_ssl_server_credentials_create_options_using_config_fetcher(request, Fetch, this));
  }
  ~ReloadingCredentials() override { grpc_server_credentials_release(credentials_); }

  void SetAuthMetadataProcessor(
      const std::shared_ptr<grpc::AuthMetadataProcessor>& /*processor*/) override {}

 private:
  int AddPortToServer(const std::string& address, grpc_server* server) override {
    return grpc_server_add_http2_port(server, address.c_str(), credentials_);
  }

  // gRPC calls it before every handshake of the port, one at a time.
  static grpc_ssl_certificate_config_reload_status Fetch(
      void* self, grpc_ssl_server_certificate_config** config) {
    auto& credentials = *static_cast<ReloadingCredentials*>(self);
    std::shared_ptr<const rpc::InternalTls> current = credentials.files_->current();
    if (current == credentials.told_) return GRPC_SSL_CERTIFICATE_CONFIG_RELOAD_UNCHANGED;
    const grpc_ssl_pem_key_cert_pair pair = {current->key.c_str(), current->certificate.c_str()};
    // Where no client is asked for a certificate its CA says nothing; gRPC 1.51 wants one all the
    // same (ssl_security_connector.cc, try_replace_server_handshaker_factory).
    const std::string& ca = current->ca.empty() ? current->certificate : current->ca;
    *config = grpc_ssl_server_certificate_config_create(ca.c_str(), &pair, 1);
    credentials.told_ = std::move(current);
    return GRPC_SSL_CERTIFICATE_CONFIG_RELOAD_NEW;
  }

  const std::shared_ptr<rpc::TlsFiles> files_;
  grpc_server_credentials* credentials_;
  std::shared_ptr<const rpc::InternalTls> told_;  // what gRPC has
};

}  // namespace

std::shared_ptr<grpc::ServerCredentials> TlsCredentials(std::shared_ptr<rpc::TlsFiles> files) {
  return std::make_shared<ReloadingCredentials>(std::move(files));
}

}  // namespace usher::server
