@testable import Pinarkive

/// Settings from Swift texts, and copies of them that live as long as this.
final class Settings {
  var settings = ClientSettings()
  private var copies: [UnsafeMutableBufferPointer<UInt8>] = []

  /// A key, and a base URL where nobody listens, which is no matter until it is called.
  init(baseURL: String? = "http://127.0.0.1:9/api/v3", apiKey: String? = "sandbox") {
    if let baseURL { self[\.baseURL] = baseURL }
    if let apiKey { self[\.apiKey] = apiKey }
  }

  deinit { for copy in copies { copy.deallocate() } }

  subscript(field: WritableKeyPath<ClientSettings, Bytes?>) -> String {
    get { settings[keyPath: field].map(text) ?? "" }
    set {
      let copy = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: newValue.utf8.count)
      _ = copy.initialize(fromContentsOf: newValue.utf8)
      copies.append(copy)
      settings[keyPath: field] = Bytes(copy)
    }
  }

  /// Makes the configuration and lends it to `body`.
  func configure<Result>(_ body: (borrowing Configuration) -> Result) throws(Reported) -> Result {
    do throws(Failure) {
      let configuration = try Configuration.make(settings)
      return body(configuration)
    } catch {
      throw Reported(error)
    }
  }

  /// Why there is no configuration, if there is none.
  func refusal() -> Reported? {
    do throws(Reported) {
      try configure { _ in }
      return nil
    } catch {
      return error
    }
  }
}
