import CPinarkive
import Pinarkive

extension URLOptions {
  /// Reads and checks a caller's options.
  ///
  /// - Throws: `invalidArgument`.
  @inline(__always)
  init(_ options: UnsafePointer<pk_url_options>?) throws(Failure) {
    self.init()
    if let options { try take(options) }
  }

  @_optimize(size)
  private mutating func take(_ options: UnsafePointer<pk_url_options>) throws(Failure) {
    let options = try read(options, named: "pk_url_options", standard: pk_url_options())
    guard let style = Style(rawValue: options.style),
      let rootForm = RootForm(rawValue: options.root_form)
    else {
      throw Failure(
        .invalidArgument, "The style or root_form is none that this version of the library knows.")
    }
    guard options.download == 0 || options.download == 1,
      options.inline_names == 0 || options.inline_names == 1
    else {
      throw Failure(.invalidArgument, "The options download and inline_names are 0 or 1.")
    }
    self.style = style
    self.rootForm = rootForm
    download = options.download == 1
    inlinesNames = options.inline_names == 1
    filename = Bytes(argument: options.filename)
    format = Bytes(argument: options.format)
    path = Bytes(argument: options.path)
    try check()
  }
}
