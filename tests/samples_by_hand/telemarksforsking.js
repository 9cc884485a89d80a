var naering = `Nr,Navn,Inndeling,År,Produktivitet,Lønnsomhet
0301,Oslo,Kommune,2016,812.5,61.2
3222,Lørenskog,Kommune,2016,600.2,58.0
`;
