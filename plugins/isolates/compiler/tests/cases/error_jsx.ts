const a = <div className="x">hello</div>;
